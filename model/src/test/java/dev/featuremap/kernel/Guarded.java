package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** An array with canaries before and after the floats a kernel may touch. */
final class Guarded {
  private static final int CANARIES = 37;
  private static final float CANARY = -12345.678f;

  private static final float[] WILD = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    1f,
    1f
  };

  private final float[] values;
  private final int at;
  private final int size;

  private Guarded(float[] values, int at, int size) {
    this.values = values;
    this.at = at;
    this.size = size;
  }

  /** Numbers in [-1, 1) from {@code at} on; {@code at} is zero where kernels take no offset. */
  static Guarded tame(Random random, int at, int size) {
    return filled(random, at, size, 0);
  }

  /** Like {@link #tame}, with one of 8 an infinity, NaN, zero of either sign, subnormal or one. */
  static Guarded wild(Random random, int at, int size) {
    return filled(random, at, size, 8);
  }

  static Guarded random(boolean wild, Random random, int at, int size) {
    return wild ? wild(random, at, size) : tame(random, at, size);
  }

  private static Guarded filled(Random random, int at, int size, int wildOneOf) {
    float[] values = new float[at + size + CANARIES];
    Arrays.fill(values, CANARY);
    for (int k = at; k < at + size; k++) {
      boolean wild = wildOneOf > 0 && random.nextInt(wildOneOf) == 0;
      values[k] = wild ? WILD[random.nextInt(WILD.length)] : random.nextFloat() * 2f - 1f;
    }
    return new Guarded(values, at, size);
  }

  /** Canaries, payload, canaries. */
  float[] values() {
    return values;
  }

  /** Floats of the payload. */
  int size() {
    return size;
  }

  Guarded copy() {
    return new Guarded(values.clone(), at, size);
  }

  /** Java leaves the bits of a NaN open, so all NaNs count as one; any other bit must agree. */
  void hasTheBitsOf(Guarded expected) {
    for (int k = 0; k < values.length; k++) {
      int bits = Float.floatToIntBits(values[k]);
      if (bits != Float.floatToIntBits(expected.values[k])) {
        assertThat(values[k]).as("element %s of %s", k - at, size).isEqualTo(expected.values[k]);
      }
    }
  }

  void hasIntactCanaries() {
    for (int k = 0; k < values.length; k++) {
      if (k < at || k >= at + size) {
        assertThat(values[k]).as("canary %s of a payload of %s", k - at, size).isEqualTo(CANARY);
      }
    }
  }
}
