package dev.featuremap.kernel;

/**
 * Exponentials in single precision with one fixed operation order, so that every machine gives the
 * same bits.
 *
 * <p>{@code exp} reduces the argument by multiples of ln 2 in two parts and evaluates the degree-5
 * minimax polynomial of Cephes' {@code expf} (Moshier 1992). Largest errors, measured against
 * {@code StrictMath} over every 11th float: {@code exp} 1.01, {@code sigmoid} 2.40 (both within
 * their clamps) and {@code tanh} 1.30 units in the last place. {@code VectorKernels} repeats these
 * steps lane by lane.
 */
public final class FloatMath {
  public static final float LOG2_E = 1.442695f;
  public static final float LN2_HIGH = 6.933594e-1f;
  public static final float LN2_LOW = -2.1219444e-4f;

  /** Adding and subtracting 1.5 · 2^23 rounds to the nearest integer. */
  public static final float ROUNDING = 12582912f;

  public static final float EXP_MIN = -87f;
  public static final float EXP_MAX = 88f;
  public static final float P5 = 1.9875691e-4f;
  public static final float P4 = 1.3981999e-3f;
  public static final float P3 = 8.333452e-3f;
  public static final float P2 = 4.1665796e-2f;
  public static final float P1 = 1.6666666e-1f;
  public static final float P0 = 5.0e-1f;

  /** Below this magnitude tanh is a polynomial in x². */
  public static final float TANH_SMALL = 0.625f;

  public static final float T4 = -5.7049887e-3f;
  public static final float T3 = 2.0639088e-2f;
  public static final float T2 = -5.3739715e-2f;
  public static final float T1 = 1.3331442e-1f;
  public static final float T0 = -3.333328e-1f;

  private FloatMath() {}

  /** {@code e^x}; arguments are clamped to [-87, 88], NaN stays NaN. */
  public static float exp(float x) {
    float clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
    float shifted = Fma.of(clamped, LOG2_E, ROUNDING);
    return (reduced(clamped, shifted) + 1f) * scale(shifted);
  }

  /** {@code e^x - 1} without loss of digits near zero; arguments are clamped as in {@link #exp}. */
  public static float expm1(float x) {
    float clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
    float shifted = Fma.of(clamped, LOG2_E, ROUNDING);
    float scale = scale(shifted);
    return Fma.of(reduced(clamped, shifted), scale, scale - 1f);
  }

  /** {@code e^r - 1} of what is left of the argument beside n · ln 2. */
  private static float reduced(float clamped, float shifted) {
    float n = shifted - ROUNDING;
    float r = Fma.of(n, -LN2_HIGH, clamped);
    r = Fma.of(n, -LN2_LOW, r);
    float p = Fma.of(P5, r, P4);
    p = Fma.of(p, r, P3);
    p = Fma.of(p, r, P2);
    p = Fma.of(p, r, P1);
    p = Fma.of(p, r, P0);
    return Fma.of(p, r * r, r);
  }

  /** {@code 2^n}. */
  private static float scale(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + 0x3F800000);
  }

  /** {@code 1 / (1 + e^-x)}; below -88 it stays at 6.1e-39, above 17 it is 1. */
  public static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }

  /**
   * {@code tanh x}: a polynomial near zero, {@code 1 - 2 / (e^2|x| + 1)} with the sign of x
   * elsewhere.
   */
  public static float tanh(float x) {
    float square = x * x;
    float p = Fma.of(T4, square, T3);
    p = Fma.of(p, square, T2);
    p = Fma.of(p, square, T1);
    p = Fma.of(p, square, T0);
    float small = Fma.of(p * square, x, x);
    float magnitude = Math.abs(x);
    float large = 1f - 2f / (exp(magnitude + magnitude) + 1f);
    return magnitude < TANH_SMALL ? small : x < 0f ? -large : large;
  }
}
