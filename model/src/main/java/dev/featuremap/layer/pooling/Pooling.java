package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * What the pooling layers share: a square window that slides over each feature map, without
 * padding. Rows and columns that no full window reaches are left out.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels, (height - window) /
 * stride + 1, (width - window) / stride + 1]}.
 */
interface Pooling extends LayerSpec {

  /** Rows and columns of the window. */
  int window();

  /** Step of the window. */
  int stride();

  @Override
  default String summary() {
    return "%s×%s".formatted(window(), window())
        + (stride() == window() ? "" : ", stride " + stride());
  }

  @Override
  default Shape outputShape(Shape input) {
    if (window() > input.height() || window() > input.width()) {
      throw new IllegalArgumentException(
          "its %s×%s window does not fit into %s".formatted(window(), window(), input));
    }
    PoolingGeometry geometry = geometry(input);
    return new Shape(input.channels(), geometry.outputHeight(), geometry.outputWidth());
  }

  /** The sizes of this layer over {@code input}. */
  default PoolingGeometry geometry(Shape input) {
    return new PoolingGeometry(input.channels(), input.height(), input.width(), window(), stride());
  }

  /** Rejects a window or a stride that no pooling layer has. */
  static void check(String type, int window, int stride) {
    Checks.range(type, "window", window, 1, Checks.LARGEST_SIDE);
    Checks.range(type, "stride", stride, 1, Checks.LARGEST_SIDE);
  }

  /** Reads {@code window}, by default 2. */
  static int readWindow(Options options) {
    return options.integer("window", 2, 1, Checks.LARGEST_SIDE);
  }

  /** Reads {@code stride}, by default the window, so that windows touch but do not overlap. */
  static int readStride(Options options, int window) {
    return options.integer("stride", window, 1, Checks.LARGEST_SIDE);
  }
}
