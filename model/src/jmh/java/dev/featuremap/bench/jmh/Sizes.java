package dev.featuremap.bench.jmh;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Sizes and values of a kernel's arrays. */
final class Sizes {
  private static final long SEED = 7;

  private Sizes() {}

  /** The numbers of a text as {@code 1x28x28-20x5x5}. */
  static int[] parse(String text) {
    return Arrays.stream(text.split("[x-]")).mapToInt(Integer::parseInt).toArray();
  }

  /** Values between -1 and 1, always the same. */
  static float[] values(int size) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }
}
