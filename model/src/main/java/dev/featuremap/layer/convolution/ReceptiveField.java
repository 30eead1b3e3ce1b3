package dev.featuremap.layer.convolution;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.layer.Checks;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The local receptive field of a convolution and how it slides over a feature map.
 *
 * @param height rows
 * @param width columns
 * @param stride step of the field, in rows and in columns
 * @param paddingHeight zero rows above and below the map
 * @param paddingWidth zero columns left and right of the map
 * @param dilation distance between neighbouring rows and columns of the field; 1 leaves no gaps
 */
public record ReceptiveField(
    int height, int width, int stride, int paddingHeight, int paddingWidth, int dilation) {

  /** Rejects sizes that no convolution has. */
  public ReceptiveField {
    check("field height", height, 1);
    check("field width", width, 1);
    check("stride", stride, 1);
    check("padding height", paddingHeight, 0);
    check("padding width", paddingWidth, 0);
    check("dilation", dilation, 1);
    long largest = (long) dilation * (Math.max(height, width) - 1) + 1;
    if (largest > Checks.LARGEST_SIDE) {
      throw new IllegalArgumentException(
          "Cannot make a convolution layer: its dilated field must reach over at most %s pixels, got %s."
              .formatted(Checks.LARGEST_SIDE, largest));
    }
  }

  private static void check(String what, int value, int least) {
    Checks.range(Convolution.TYPE, what, value, least, Checks.LARGEST_SIDE);
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
    List<Integer> field = options.requiredPair(key, 1, Checks.LARGEST_SIDE);
    int stride = options.integer("stride", 1, 1, Checks.LARGEST_SIDE);
    int side = Math.max(field.get(0), field.get(1));
    int mostDilation = side == 1 ? 1 : (Checks.LARGEST_SIDE - 1) / (side - 1);
    int dilation = options.integer("dilation", 1, 1, Math.max(1, mostDilation));
    List<Integer> padding = readPadding(options, field, stride, dilation);
    return new ReceptiveField(
        field.get(0), field.get(1), stride, padding.get(0), padding.get(1), dilation);
  }

  private static List<Integer> readPadding(
      Options options, List<Integer> field, int stride, int dilation) {
    Optional<ConfigValue> word =
        options.value("padding").filter(value -> value.valueType() == ConfigValueType.STRING);
    if (word.isEmpty()) {
      return options.pair("padding", List.of(0, 0), 0, Checks.LARGEST_SIDE);
    }
    int rows = field.get(0);
    int columns = field.get(1);
    if (!"same".equals(word.get().unwrapped())) {
      options.problem(
          "Cannot use %s.padding: expected same, an integer or a pair of them, got %s."
              .formatted(options.where(), word.get().render()));
    } else if (stride != 1 || rows % 2 == 0 || columns % 2 == 0) {
      options.problem(
          ("Cannot use %s.padding: same needs stride 1 and an odd field, got stride %s and a %s"
                  + " field. Give the padding as a number.")
              .formatted(options.where(), stride, by(rows, columns)));
    }
    return List.of(rows / 2 * dilation, columns / 2 * dilation);
  }

  /** Rows of the map that one place of the field spans. */
  int spanHeight() {
    return dilation * (height - 1) + 1;
  }

  /** Columns of the map that one place of the field spans. */
  int spanWidth() {
    return dilation * (width - 1) + 1;
  }

  /** Weights of one channel. */
  int size() {
    return height * width;
  }

  /** The input with its border of zeros. */
  Shape padded(Shape input) {
    return new Shape(
        input.channels(), input.height() + 2 * paddingHeight, input.width() + 2 * paddingWidth);
  }

  /**
   * The maps that the field makes of {@code input}.
   *
   * @throws IllegalArgumentException if the field is larger than the padded input
   */
  Shape output(Shape input, int featureMaps) {
    Shape padded = padded(input);
    if (spanHeight() > padded.height() || spanWidth() > padded.width()) {
      throw new IllegalArgumentException(
          "its %s field%s does not fit into %s with padding %s"
              .formatted(by(height, width), dilated(), input, padding()));
    }
    return new Shape(
        featureMaps,
        (padded.height() - spanHeight()) / stride + 1,
        (padded.width() - spanWidth()) / stride + 1);
  }

  /** The output gradient as the input gradient needs it: spread by the stride, with a border. */
  Shape spread(Shape input, int featureMaps) {
    return new Shape(
        featureMaps, input.height() + spanHeight() - 1, input.width() + spanWidth() - 1);
  }

  /** The options that differ from the plain ones, for people. */
  String unusual() {
    return (stride == 1 ? "" : ", stride " + stride)
        + (paddingHeight + paddingWidth > 0 ? ", padding " + padding() : "")
        + (dilation == 1 ? "" : ", dilation " + dilation);
  }

  @Override
  public String toString() {
    return by(height, width);
  }

  private String dilated() {
    return dilation == 1 ? "" : " of dilation " + dilation;
  }

  private String padding() {
    return paddingHeight == paddingWidth
        ? Integer.toString(paddingHeight)
        : "[" + paddingHeight + ", " + paddingWidth + "]";
  }

  private static String by(int height, int width) {
    return height + "×" + width;
  }
}
