package dev.featuremap.train;

/** The upper half of a float32: 8 bits of exponent, 8 significant bits. */
final class Bfloat16 {
  private static final int LOWER_BITS = 16;

  /** The bit that makes a NaN quiet, so that none becomes infinity when its lower half is cut. */
  private static final int QUIET = 0x40;

  private Bfloat16() {}

  /** The nearest value, of two the one whose last bit is 0; infinite from 3.3961776e38 on. */
  static short nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    int upper = bits >>> LOWER_BITS;
    if (Float.isNaN(value)) {
      return (short) (upper | QUIET);
    }
    // Just below half, plus the last bit: halves go up where that makes it even.
    return (short) ((bits + 0x7fff + (upper & 1)) >>> LOWER_BITS);
  }

  static float widen(short bits) {
    return Float.intBitsToFloat(bits << LOWER_BITS);
  }
}
