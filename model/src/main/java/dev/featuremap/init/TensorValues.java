package dev.featuremap.init;

import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import java.util.Arrays;

/**
 * The values {@code [from, to)} of an array, which are those of a tensor. A random one is a pure
 * function of the seed, the tensor and the element's place in it, so that neither order nor
 * neighbours matter.
 */
record TensorValues(float[] values, int from, int to, long seed, int tensor) {

  /** Fills them with one number. */
  void fill(float value) {
    Arrays.fill(values, from, to, value);
  }

  /**
   * Fills them from a normal distribution around zero, by the transform of Box and Muller (1958,
   * eq. 1) in double precision.
   */
  void normal(double standardDeviation) {
    long key = tensorKey();
    for (int k = from; k < to; k++) {
      long hash = CounterRandom.hash(key, k - from);
      double radiusKey = CounterRandom.uniformOpen(hash);
      double angleKey = CounterRandom.uniformOpen(CounterRandom.hash(hash, 1));
      double radius = StrictMath.sqrt(-2 * StrictMath.log(radiusKey));
      values[k] = (float) (standardDeviation * radius * StrictMath.cos(2 * Math.PI * angleKey));
    }
  }

  /**
   * Fills them evenly from the open interval {@code (-limit, limit)}: the middles of 2^24 equal
   * parts, exact in a float before the multiplication.
   */
  void uniform(double limit) {
    long key = tensorKey();
    float scale = (float) limit;
    for (int k = from; k < to; k++) {
      float unit = CounterRandom.uniform(CounterRandom.hash(key, k - from));
      values[k] = scale * (2 * unit - 1 + 0x1p-24f);
    }
  }

  private long tensorKey() {
    return CounterRandom.hash(CounterRandom.stream(seed, Purpose.INITIALIZATION), tensor);
  }
}
