package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link ImageNormalization}. */
final class ScalarImageNormalization implements ImageNormalization {
  private static final int LANES = Lanes.COUNT;
  private static final int CHAINS = 4;
  private static final int STEP = CHAINS * LANES;

  private final float[] chains = new float[STEP];
  private final float[] others = new float[STEP];

  @Override
  public void sum(float[] values, int from, int pixels, float[] sums) {
    Arrays.fill(chains, 0f);
    int chained = pixels / CHAINS * STEP;
    for (int k = 0; k < chained; k++) {
      chains[k % STEP] += values[from + k];
    }
    join(chains, sums);
    for (int k = chained; k < pixels * LANES; k++) {
      sums[k % LANES] += values[from + k];
    }
  }

  @Override
  public void deviations(
      float[] values, int from, int pixels, float[] centers, float[] sums, float[] squares) {
    Arrays.fill(chains, 0f);
    Arrays.fill(others, 0f);
    int chained = pixels / CHAINS * STEP;
    for (int k = 0; k < chained; k++) {
      float distance = values[from + k] - centers[k % LANES];
      int chain = k % STEP;
      chains[chain] += distance;
      others[chain] = Fma.of(distance, distance, others[chain]);
    }
    join(chains, sums);
    join(others, squares);
    for (int k = chained; k < pixels * LANES; k++) {
      int lane = k % LANES;
      float distance = values[from + k] - centers[lane];
      sums[lane] += distance;
      squares[lane] = Fma.of(distance, distance, squares[lane]);
    }
  }

  @Override
  public void normalize(
      float[] values,
      int from,
      int pixels,
      float[] centers,
      float[] scales,
      float[] shifts,
      float[] output) {
    for (int k = 0; k < pixels * LANES; k++) {
      int lane = k % LANES;
      output[from + k] = Fma.of(values[from + k] - centers[lane], scales[lane], shifts[lane]);
    }
  }

  @Override
  public void gradientSums(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] sums,
      float[] products) {
    Arrays.fill(chains, 0f);
    Arrays.fill(others, 0f);
    int chained = pixels / CHAINS * STEP;
    for (int k = 0; k < chained; k++) {
      int chain = k % STEP;
      float g = gradient[from + k];
      chains[chain] += g;
      others[chain] = Fma.of(g, values[from + k] - centers[k % LANES], others[chain]);
    }
    join(chains, sums);
    join(others, products);
    for (int k = chained; k < pixels * LANES; k++) {
      int lane = k % LANES;
      float g = gradient[from + k];
      sums[lane] += g;
      products[lane] = Fma.of(g, values[from + k] - centers[lane], products[lane]);
    }
  }

  @Override
  public void inputGradient(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] ofGradient,
      float[] ofDistance,
      float[] constants,
      float[] inputGradient) {
    for (int k = 0; k < pixels * LANES; k++) {
      int lane = k % LANES;
      float distance = values[from + k] - centers[lane];
      inputGradient[from + k] =
          Fma.of(
              ofGradient[lane],
              gradient[from + k],
              Fma.of(ofDistance[lane], distance, constants[lane]));
    }
  }

  private static void join(float[] chains, float[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] =
          (chains[lane] + chains[LANES + lane])
              + (chains[2 * LANES + lane] + chains[3 * LANES + lane]);
    }
  }
}
