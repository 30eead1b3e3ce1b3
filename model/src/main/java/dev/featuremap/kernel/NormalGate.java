package dev.featuremap.kernel;

/**
 * The share {@code Φ(x) = (1 + erf(x / √2)) / 2}, the distribution function of the standard normal
 * distribution.
 *
 * <p>Computed from the tail {@code Φ(-|x|) = e^(-x²/2) · s · P(s)} with {@code s = 1 / (1 + 5/16 ·
 * |x|)}, so that no digits cancel for negative x. {@code P} is a minimax polynomial of degree 9 for
 * |x| up to {@value #LARGEST}, fitted for this class with {@code P(1) = 1/2}; its own relative
 * error is 1.1e-8, that of the tail in single precision 5e-7 down to x = -12. Beyond {@value
 * #LARGEST} x counts as this.
 */
public record NormalGate() implements Gate {
  public static final float LARGEST = 14f;
  public static final float STEEPNESS = 0.3125f;
  public static final float P9 = -0.018506473f;
  public static final float P8 = 0.08872919f;
  public static final float P7 = -0.14499143f;
  public static final float P6 = 0.066504434f;
  public static final float P5 = 0.0036519454f;
  public static final float P4 = 0.05236867f;
  public static final float P3 = 0.09113386f;
  public static final float P2 = 0.11167108f;
  public static final float P1 = 0.12477454f;
  public static final float P0 = 0.12466419f;

  /** {@code 1 / √(2π)}. */
  public static final float DENSITY = 0.3989423f;

  @Override
  public void apply(float[] input, float[] output, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = input[k];
      float z = clamp(x);
      output[k] = Math.max(x, -LARGEST) * share(z, bell(z));
    }
  }

  /** The slope is {@code Φ(x) + x · e^(-x²/2) / √(2π)}. */
  @Override
  public void gradient(
      float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    for (int k = from; k < to; k++) {
      float z = clamp(input[k]);
      float bell = bell(z);
      inputGradient[k] = outputGradient[k] * Fma.of(z * DENSITY, bell, share(z, bell));
    }
  }

  /** {@code Φ(x)} from {@code bell = e^(-x²/2)}. */
  private static float share(float x, float bell) {
    float s = 1f / Fma.of(Math.abs(x), STEEPNESS, 1f);
    float p = Fma.of(P9, s, P8);
    p = Fma.of(p, s, P7);
    p = Fma.of(p, s, P6);
    p = Fma.of(p, s, P5);
    p = Fma.of(p, s, P4);
    p = Fma.of(p, s, P3);
    p = Fma.of(p, s, P2);
    p = Fma.of(p, s, P1);
    p = Fma.of(p, s, P0);
    float tail = bell * (p * s);
    return x < 0f ? tail : 1f - tail;
  }

  /** {@code e^(-x²/2)}, with what the rounding of the square leaves out. */
  private static float bell(float x) {
    float square = x * x;
    float rest = Fma.of(x, x, -square);
    float rounded = FloatMath.exp(-0.5f * square);
    return Fma.of(-0.5f * rest, rounded, rounded);
  }

  private static float clamp(float x) {
    return Math.min(Math.max(x, -LARGEST), LARGEST);
  }
}
