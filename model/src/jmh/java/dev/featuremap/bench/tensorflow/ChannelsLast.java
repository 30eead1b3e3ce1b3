package dev.featuremap.bench.tensorflow;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import java.util.List;

/** Where TensorFlow, which keeps channels last and inputs before outputs, has what a plan has. */
final class ChannelsLast {
  private ChannelsLast() {}

  /** Dimensions of a tensor in TensorFlow. */
  static long[] dimensions(PlannedTensor tensor) {
    List<Integer> d = tensor.spec().dimensions();
    return switch (d.size()) {
      case 4 -> new long[] {d.get(2), d.get(3), d.get(1), d.get(0)};
      case 2 -> new long[] {d.get(1), d.get(0)};
      default -> new long[] {d.get(0)};
    };
  }

  /** For each value of TensorFlow's tensor, its index in the flat vector of the plan. */
  static int[] indices(NetworkPlan plan, PlannedTensor tensor) {
    List<Integer> d = tensor.spec().dimensions();
    return switch (d.size()) {
      case 4 -> filter(tensor.at(), d.get(0), d.get(1), d.get(2) * d.get(3));
      case 2 -> matrix(tensor.at(), d.get(0), owner(plan, tensor).input());
      default -> filter(tensor.at(), 1, 1, d.get(0));
    };
  }

  /** {@code [image, row, column, channel]} of {@code [image, channel, row, column]}. */
  static float[] images(float[] pixels, Shape shape) {
    int plane = shape.height() * shape.width();
    float[] moved = new float[pixels.length];
    for (int to = 0; to < moved.length; to++) {
      int channel = to % shape.channels();
      int pixel = to / shape.channels() % plane;
      int image = to / shape.size();
      moved[to] = pixels[(image * shape.channels() + channel) * plane + pixel];
    }
    return moved;
  }

  /** {@code [tap, channel, map]} of {@code [map, channel, tap]}. */
  private static int[] filter(int at, int maps, int channels, int taps) {
    int[] indices = new int[maps * channels * taps];
    int to = 0;
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int map = 0; map < maps; map++) {
          indices[to++] = at + (map * channels + channel) * taps + tap;
        }
      }
    }
    return indices;
  }

  /** {@code [pixel, channel, output]} of {@code [output, channel, pixel]}. */
  private static int[] matrix(int at, int outputs, Shape input) {
    return filter(at, outputs, input.channels(), input.height() * input.width());
  }

  private static PlannedLayer owner(NetworkPlan plan, PlannedTensor tensor) {
    return plan.layers().stream()
        .filter(layer -> layer.parameters() > 0 && layer.parametersAt() <= tensor.at())
        .reduce((first, second) -> second)
        .orElseThrow();
  }
}
