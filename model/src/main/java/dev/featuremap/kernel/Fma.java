package dev.featuremap.kernel;

/**
 * Multiply-add with one rounding, with the same bits on every machine.
 *
 * <p>{@link Math#fma} is one instruction where the processor has it. Elsewhere it computes in
 * decimals of any length, hundreds of times slower, so the same is done here in doubles. The
 * product of two floats is exact there. The sum is rounded to odd (Boldo and Melquiond, 2008,
 * "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd"), so
 * that rounding it once more, to a float, gives the float next to the exact sum.
 */
public final class Fma {
  private static final boolean IN_HARDWARE = !VectorSupport.lacksFma(VectorSupport::option);

  /** What lies half-way between two floats has these bits of a double clear, below its last bit. */
  private static final long BELOW_HALF_WAY = (1L << 28) - 1;

  private Fma() {}

  /** The float next to {@code a · b + c}, as {@link Math#fma(float, float, float)}. */
  public static float of(float a, float b, float c) {
    return IN_HARDWARE ? Math.fma(a, b, c) : inDoubles(a, b, c);
  }

  /** The same without the instruction. */
  static float inDoubles(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    return (Double.doubleToRawLongBits(sum) & BELOW_HALF_WAY) != 0
        ? (float) sum
        : (float) roundedToOdd(product, c, sum);
  }

  /**
   * Of the two doubles around {@code product + c} the one with an odd significand; the sum itself
   * where it is exact, infinite or not a number.
   */
  private static double roundedToOdd(double product, double c, double sum) {
    double addend = sum - product;
    double error = (product - (sum - addend)) + (c - addend);
    long bits = Double.doubleToRawLongBits(sum);
    if ((bits & 1) == 1 || !(error > 0 || error < 0)) {
      return sum;
    }
    boolean awayFromZero = error > 0 == sum > 0;
    return Double.longBitsToDouble(awayFromZero ? bits + 1 : bits - 1);
  }
}
