package dev.featuremap.layer.pooling;

import dev.featuremap.layer.Checks;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.layer.window.WindowOptions;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;

/**
 * What the pooling layers share: a window that slides over each feature map. Rows and columns that
 * no full window reaches are left out; with {@code ceil-mode} the last window may reach past the
 * padded map, if it starts inside the map or the padding before it.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels, (height + padding -
 * window) / stride + 1, (width + padding - window) / stride + 1]}, quotients rounded down, or up
 * with {@code ceil-mode}.
 */
interface Pooling extends LayerSpec {

  /** The window and how it slides. */
  Window window();

  @Override
  default String summary() {
    return window().size().by() + window().unusual(window().size());
  }

  @Override
  default Shape outputShape(Shape input) {
    Window window = window();
    Extent places = window.places(input);
    if (Math.min(places.rows(), places.columns()) < 1) {
      throw new IllegalArgumentException(
          "its %s window%s does not fit into %s%s"
              .formatted(window.size().by(), dilated(), input, padded()));
    }
    if (!window.meets(input)) {
      throw new IllegalArgumentException(
          "its %s window%s has a place without any pixel of %s%s"
              .formatted(window.size().by(), dilated(), input, padded()));
    }
    window.reach(input).around(input);
    return new Shape(input.channels(), places.rows(), places.columns());
  }

  private String dilated() {
    Extent dilation = window().dilation();
    return dilation.equals(Extent.ONE) ? "" : " of dilation " + dilation;
  }

  private String padded() {
    return window().fixedPadding().equals(Optional.of(Padding.NONE))
        ? ""
        : " with padding " + window().paddingText();
  }

  /** Rejects a window that no pooling layer has. */
  static void check(String type, Window window) {
    window.check(type, "window");
    Padding padding = window.fixedPadding().orElse(Padding.NONE);
    Checks.range(type, "padding", padding.mostRows(), 0, window.span().rows() - 1);
    Checks.range(type, "padding", padding.mostColumns(), 0, window.span().columns() - 1);
  }

  /**
   * Reads {@code window}, by default 2, {@code stride}, by default the window, so that windows
   * touch but do not overlap, {@code padding} and {@code ceil-mode}.
   */
  static Window read(Options options) {
    Extent size = readSize(options);
    return read(options, size, Extent.ONE);
  }

  /** The same with {@code dilation}. */
  static Window readDilated(Options options) {
    Extent size = readSize(options);
    return read(options, size, WindowOptions.dilation(options, size));
  }

  private static Extent readSize(Options options) {
    return WindowOptions.size(options, "window", Extent.square(2));
  }

  private static Window read(Options options, Extent size, Extent dilation) {
    Extent stride = WindowOptions.stride(options, size);
    boolean ceil = options.flag("ceil-mode", false);
    return WindowOptions.paddingWithinWindow(
        options, new Window(size, stride, dilation, Optional.of(Padding.NONE), ceil));
  }
}
