package dev.featuremap.optimizer;

/**
 * Clips a gradient by its global L2 norm (Pascanu, Mikolov and Bengio 2013, algorithm 1): {@code g
 * = g · c / ‖g‖} where {@code ‖g‖ > c}. PyTorch divides by {@code ‖g‖ + 10⁻⁶} instead. Or clips
 * each of its values to {@code [-c, c]}.
 */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Scales {@code gradient[0..length)} down to norm {@code maximum} if its norm is larger.
   *
   * @param maximum c, above 0
   * @return the norm before clipping; if that is NaN or infinite the gradient is left as it is
   */
  public static double clipInPlace(float[] gradient, int length, double maximum) {
    NumberRule.POSITIVE.check("clip-norm", maximum);
    double norm = norm(gradient, length);
    if (norm > maximum && Double.isFinite(norm)) {
      float factor = (float) (maximum / norm);
      for (int i = 0; i < length; i++) {
        gradient[i] *= factor;
      }
    }
    return norm;
  }

  /**
   * Cuts {@code gradient[0..length)} to {@code [-maximum, maximum]}, value by value; NaN stays NaN.
   *
   * @param maximum c, above 0
   */
  public static void clipValuesInPlace(float[] gradient, int length, double maximum) {
    NumberRule.POSITIVE.check("clip-value", maximum);
    float most = (float) maximum;
    for (int i = 0; i < length; i++) {
      gradient[i] = Math.max(-most, Math.min(most, gradient[i]));
    }
  }

  /** The L2 norm of {@code values[0..length)}. */
  public static double norm(float[] values, int length) {
    return Math.sqrt(squares(values, length));
  }

  /**
   * The sum of the squares of {@code values[0..length)}: squares, exact in double, add up in eight
   * strided chains that join in a fixed tree, then the last {@code length mod 8} in order.
   */
  static double squares(float[] values, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int whole = length & -8;
    for (int i = 0; i < whole; i += 8) {
      s0 += square(values[i]);
      s1 += square(values[i + 1]);
      s2 += square(values[i + 2]);
      s3 += square(values[i + 3]);
      s4 += square(values[i + 4]);
      s5 += square(values[i + 5]);
      s6 += square(values[i + 6]);
      s7 += square(values[i + 7]);
    }
    double sum = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    for (int i = whole; i < length; i++) {
      sum += square(values[i]);
    }
    return sum;
  }

  private static double square(float value) {
    return (double) value * value;
  }
}
