package dev.featuremap.layer.convolution;

import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.layer.window.WindowOptions;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;

/**
 * The local receptive field of a convolution.
 *
 * @param window its rows and columns, and how it slides over a map with zeros around it
 */
public record ReceptiveField(Window window) {

  /** Rejects sizes that no convolution has. */
  public ReceptiveField {
    window.check(Convolution.TYPE, "field");
  }

  /** A field with the same stride and dilation, and the same padding, in opposite directions. */
  public ReceptiveField(
      int height, int width, int stride, int paddingHeight, int paddingWidth, int dilation) {
    this(
        new Window(
            new Extent(height, width),
            Extent.square(stride),
            Extent.square(dilation),
            Optional.of(Padding.of(paddingHeight, paddingWidth)),
            /* ceil= */ false));
  }

  /**
   * Reads {@code field}, also under the name {@code kernel-size}, {@code stride}, {@code padding}
   * and {@code dilation}.
   */
  static ReceptiveField read(Options options) {
    if (options.has("field") && options.has("kernel-size")) {
      options.problem(
          "Cannot use %s: it is another name for field, which is given too. Leave one of them out."
              .formatted(options.path("kernel-size")));
    }
    String key = options.has("kernel-size") ? "kernel-size" : "field";
    Extent size = WindowOptions.requiredSize(options, key);
    Extent stride = WindowOptions.stride(options, Extent.ONE);
    Extent dilation = WindowOptions.dilation(options, size);
    Optional<Padding> none = Optional.of(Padding.NONE);
    return new ReceptiveField(
        WindowOptions.padding(options, new Window(size, stride, dilation, none, false)));
  }

  /** Rows. */
  public int height() {
    return window.size().rows();
  }

  /** Columns. */
  public int width() {
    return window.size().columns();
  }

  /** Its steps. */
  public Extent stride() {
    return window.stride();
  }

  /** Distances between neighbouring rows and columns of the field; 1 leaves no gaps. */
  public Extent dilation() {
    return window.dilation();
  }

  /** The zeros around a map of {@code input}. */
  public Padding padding(Shape input) {
    return window.padding(input);
  }

  /** Weights of one channel. */
  int size() {
    return window.size().size();
  }

  /** The input with its border of zeros. */
  Shape padded(Shape input) {
    return padding(input).around(input);
  }

  /**
   * The maps that the field makes of {@code input}.
   *
   * @throws IllegalArgumentException if the field is larger than the padded input
   */
  Shape output(Shape input, int featureMaps) {
    Extent places = window.places(input);
    if (Math.min(places.rows(), places.columns()) < 1) {
      throw new IllegalArgumentException(
          "its %s field%s does not fit into %s with padding %s"
              .formatted(this, dilated(), input, window.paddingText()));
    }
    padded(input);
    return new Shape(featureMaps, places.rows(), places.columns());
  }

  /** The output gradient as the input gradient needs it: spread by the stride, with a border. */
  Shape spread(Shape input, int featureMaps) {
    Extent span = window.span();
    return new Shape(
        featureMaps, input.height() + span.rows() - 1, input.width() + span.columns() - 1);
  }

  @Override
  public String toString() {
    return window.size().by();
  }

  private String dilated() {
    return dilation().equals(Extent.ONE) ? "" : " of dilation " + dilation();
  }
}
