package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * Sums of each lane over runs of any length, in double over parts that a kernel adds up in float.
 * Arrays of sums have 16 values and are overwritten.
 */
final class LaneTotals {
  private static final int LANES = Lanes.COUNT;

  /** Pixels of a part: 256 additions in each chain of the kernel. */
  private static final int PART = 1024;

  private final ImageNormalization kernel;
  private final float[] sumsOfPart = new float[LANES];
  private final float[] othersOfPart = new float[LANES];

  LaneTotals(ImageNormalization kernel) {
    this.kernel = kernel;
  }

  /** {@code sums = Σ x}. */
  void sum(float[] values, int from, int pixels, double[] sums) {
    Arrays.fill(sums, 0);
    for (int done = 0; done < pixels; done += PART) {
      kernel.sum(values, from + done * LANES, Math.min(PART, pixels - done), sumsOfPart);
      add(sumsOfPart, sums);
    }
  }

  /** {@code sums = Σ d} and {@code squares = Σ d²} with {@code d = x - center}. */
  void deviations(
      float[] values, int from, int pixels, float[] centers, double[] sums, double[] squares) {
    Arrays.fill(sums, 0);
    Arrays.fill(squares, 0);
    for (int done = 0; done < pixels; done += PART) {
      int part = Math.min(PART, pixels - done);
      kernel.deviations(values, from + done * LANES, part, centers, sumsOfPart, othersOfPart);
      add(sumsOfPart, sums);
      add(othersOfPart, squares);
    }
  }

  /** {@code sums = Σ g} and {@code products = Σ g · (x - center)}. */
  void gradientSums(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      double[] sums,
      double[] products) {
    Arrays.fill(sums, 0);
    Arrays.fill(products, 0);
    for (int done = 0; done < pixels; done += PART) {
      int part = Math.min(PART, pixels - done);
      kernel.gradientSums(
          values, gradient, from + done * LANES, part, centers, sumsOfPart, othersOfPart);
      add(sumsOfPart, sums);
      add(othersOfPart, products);
    }
  }

  private static void add(float[] part, double[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += part[lane];
    }
  }
}
