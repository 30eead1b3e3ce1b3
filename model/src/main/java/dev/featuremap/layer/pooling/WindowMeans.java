package dev.featuremap.layer.pooling;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The sum of each region, added up by rows, divided by a number that may be larger than it. */
final class WindowMeans extends WindowLayer {
  private final int[] divisors; // [outputHeight, outputWidth]

  WindowMeans(Regions regions, int[] divisors) {
    super(regions);
    this.divisors = divisors;
  }

  /** The mean of each region. */
  static WindowMeans of(Regions regions) {
    return new WindowMeans(
        regions, Arrays.stream(regions.taps()).mapToInt(taps -> taps.length).toArray());
  }

  @Override
  void pool(float[] input, int from, int[] taps, float[] output, int to, int place) {
    System.arraycopy(input, from, output, to, Lanes.COUNT);
    for (int t = 1; t < taps.length; t++) {
      int at = from + taps[t];
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        output[to + lane] += input[at + lane];
      }
    }
    int divisor = divisors[place];
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      output[to + lane] /= divisor;
    }
  }

  @Override
  void spread(
      float[] input,
      float[] output,
      float[] outputGradient,
      int at,
      float[] inputGradient,
      int to,
      int place) {
    int divisor = divisors[place];
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      inputGradient[to + lane] += outputGradient[at + lane] / divisor;
    }
  }
}
