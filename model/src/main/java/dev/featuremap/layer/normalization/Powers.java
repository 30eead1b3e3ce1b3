package dev.featuremap.layer.normalization;

/**
 * Powers in double by additions, multiplications and a division in one fixed order, so that every
 * machine gives the same bits and nothing is allocated, as {@link StrictMath#pow} does.
 */
final class Powers {
  private static final double LN2 = 0.6931471805599453;
  private static final double ROOT_OF_HALF = 0.7071067811865476;
  private static final int TERMS = 9;
  private static final int DEGREE = 13;
  private static final int BIAS = 1023;

  private Powers() {}

  /**
   * {@code base^exponent} to 12 digits, and 0 or infinity where no float is as small or as large.
   *
   * @param base above 0, at most the largest float
   */
  static double power(double base, double exponent) {
    double argument = exponent * logarithm(base);
    double whole = Math.rint(argument / LN2);
    double scale =
        whole < -BIAS
            ? 0
            : whole > BIAS
                ? Double.POSITIVE_INFINITY
                : Double.longBitsToDouble(((long) whole + BIAS) << 52);
    double rest = argument - whole * LN2;
    double sum = 1;
    for (int k = DEGREE; k > 0; k--) {
      sum = 1 + sum * rest / k;
    }
    return sum * scale;
  }

  /** {@code ln(2^e · m) = e · ln 2 + 2 · artanh((m - 1) / (m + 1))}, with m around 1. */
  private static double logarithm(double value) {
    int exponent = Math.getExponent(value) + 1;
    double mantissa = value / Double.longBitsToDouble((long) (exponent + BIAS) << 52);
    if (mantissa < ROOT_OF_HALF) {
      mantissa *= 2;
      exponent--;
    }
    double ratio = (mantissa - 1) / (mantissa + 1);
    double square = ratio * ratio;
    double sum = 0;
    for (int k = TERMS; k >= 0; k--) {
      sum = sum * square + 1.0 / (2 * k + 1);
    }
    return exponent * LN2 + 2 * ratio * sum;
  }
}
