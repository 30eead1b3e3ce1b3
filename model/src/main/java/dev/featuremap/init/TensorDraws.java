package dev.featuremap.init;

import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;

/**
 * Random numbers for a tensor: each is a pure function of the seed, the tensor and the element's
 * place in it, so that neither order nor neighbours matter.
 */
final class TensorDraws {
  private TensorDraws() {}

  /**
   * Fills {@code values[from..to)} from a normal distribution around zero, by the transform of Box
   * and Muller (1958, eq. 1) in double precision.
   */
  static void normal(
      float[] values, int from, int to, long seed, int tensor, double standardDeviation) {
    long key = tensorKey(seed, tensor);
    for (int k = from; k < to; k++) {
      long hash = CounterRandom.hash(key, k - from);
      double radiusKey = CounterRandom.uniformOpen(hash);
      double angleKey = CounterRandom.uniformOpen(CounterRandom.hash(hash, 1));
      double radius = StrictMath.sqrt(-2 * StrictMath.log(radiusKey));
      values[k] = (float) (standardDeviation * radius * StrictMath.cos(2 * Math.PI * angleKey));
    }
  }

  /**
   * Fills {@code values[from..to)} evenly from the open interval {@code (-limit, limit)}: the
   * middles of 2^24 equal parts, exact in a float before the multiplication.
   */
  static void uniform(float[] values, int from, int to, long seed, int tensor, double limit) {
    long key = tensorKey(seed, tensor);
    float scale = (float) limit;
    for (int k = from; k < to; k++) {
      float unit = CounterRandom.uniform(CounterRandom.hash(key, k - from));
      values[k] = scale * (2 * unit - 1 + 0x1p-24f);
    }
  }

  private static long tensorKey(long seed, int tensor) {
    return CounterRandom.hash(CounterRandom.stream(seed, Purpose.INITIALIZATION), tensor);
  }
}
