package dev.featuremap.layer.pooling;

import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Windows to try pooling layers with, and what lies in them, by plain loops. */
final class PoolingWindows {
  /** A window and a map. */
  record Trial(Window window, Shape input) {}

  /** Two sizes, padding on one side, {@code same}, {@code ceil-mode}, and all together. */
  static final List<Trial> TRIALS =
      List.of(
          new Trial(window(2, 3, 2, 1, false, 0, 0, 0, 0), new Shape(2, 5, 6)),
          new Trial(window(3, 2, 1, 2, false, 1, 0, 0, 1), new Shape(2, 5, 6)),
          new Trial(window(3, 3, 2, 2, false, 0, 0, 1, 1), new Shape(1, 6, 7)),
          new Trial(window(3, 3, 1, 1, false, 1, 1, 1, 1), new Shape(2, 4, 5)),
          new Trial(window(3, 3, 1, 1, false, 2, 2, 2, 2), new Shape(1, 3, 4)),
          new Trial(window(3, 3, 2, 2, true, 0, 0, 0, 0), new Shape(1, 6, 7)),
          new Trial(window(3, 3, 2, 2, true, 1, 1, 1, 1), new Shape(1, 6, 7)),
          new Trial(window(2, 2, 3, 3, true, 1, 1, 1, 1), new Shape(1, 6, 7)),
          new Trial(window(2, 2, 2, 2, true, 0, 1, 1, 0), new Shape(2, 5, 6)),
          new Trial(window(3, 2, 3, 2, true, 0, 1, 2, 0), new Shape(1, 7, 6)),
          new Trial(window(4, 4, 3, 3, true, 0, 0, 0, 0), new Shape(1, 3, 9)),
          new Trial(same(3, 2, 2, 2), new Shape(2, 5, 6)),
          new Trial(same(2, 4, 3, 1), new Shape(1, 7, 6)));

  private PoolingWindows() {}

  static Window window(
      int rows, int columns, int rowStride, int columnStride, boolean ceil, int... padding) {
    return new Window(
        new Extent(rows, columns),
        new Extent(rowStride, columnStride),
        Extent.ONE,
        Optional.of(new Padding(padding[0], padding[1], padding[2], padding[3])),
        ceil);
  }

  private static Window same(int rows, int columns, int rowStride, int columnStride) {
    return new Window(
        new Extent(rows, columns),
        new Extent(rowStride, columnStride),
        Extent.ONE,
        Optional.empty(),
        false);
  }

  /** Places of a window in one dimension, as PyTorch's {@code pooling_output_shape} counts them. */
  static int places(int pixels, int window, int stride, int before, int after, boolean ceil) {
    int room = pixels + before + after - window + (ceil ? stride - 1 : 0);
    int places = Math.floorDiv(room, stride) + 1;
    return ceil && (places - 1) * stride >= pixels + before ? places - 1 : places;
  }

  /** The pixels of {@code image} in the window of output {@code o}, those outside left out. */
  static List<Float> inside(Trial trial, Shape output, int o, float[] image) {
    Window window = trial.window();
    Padding padding = window.padding(trial.input());
    int c = o / (output.height() * output.width());
    int top = o / output.width() % output.height() * window.stride().rows() - padding.top();
    int left = o % output.width() * window.stride().columns() - padding.left();
    int bottom = top + window.size().rows();
    return inside(trial.input(), c, top, bottom, left, left + window.size().columns(), image);
  }

  /** The pixels of a rectangle, those outside of the map left out. */
  static List<Float> inside(
      Shape input, int c, int top, int bottom, int left, int right, float[] image) {
    List<Float> pixels = new ArrayList<>();
    for (int y = Math.max(0, top); y < Math.min(input.height(), bottom); y++) {
      for (int x = Math.max(0, left); x < Math.min(input.width(), right); x++) {
        pixels.add(image[(c * input.height() + y) * input.width() + x]);
      }
    }
    return pixels;
  }

  /** Different small numbers, positive and negative. */
  static float[] image(Shape shape) {
    float[] image = new float[shape.size()];
    for (int k = 0; k < image.length; k++) {
      image[k] = (k * 37 % image.length - image.length / 2) / 4f;
    }
    return image;
  }

  static double mean(List<Float> pixels, int divisor) {
    return pixels.stream().mapToDouble(Float::doubleValue).sum() / divisor;
  }

  static float max(List<Float> pixels) {
    return (float) pixels.stream().mapToDouble(Float::doubleValue).max().orElseThrow();
  }
}
