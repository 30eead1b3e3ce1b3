package dev.featuremap.kernel;

/**
 * The share {@code σ(v)} with {@code v = linear · x + cubic · x³}, which saturates beyond {@value
 * #LARGEST}.
 *
 * @param linear factor of x
 * @param cubic factor of x³
 */
public record SigmoidGate(float linear, float cubic) implements Gate {
  /** Magnitude from which x counts as this in {@code v}; cubes then stay finite. */
  public static final float LARGEST = 90f;

  @Override
  public void apply(float[] input, float[] output, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = input[k];
      output[k] = x * FloatMath.sigmoid(inner(clamp(x)));
    }
  }

  @Override
  public void gradient(
      float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    for (int k = from; k < to; k++) {
      inputGradient[k] = outputGradient[k] * slope(input[k]);
    }
  }

  /** {@code σ + x · σ · (1 - σ) · dv/dx}. */
  private float slope(float x) {
    float z = clamp(x);
    float s = FloatMath.sigmoid(inner(z));
    float bend = z * (s * (1f - s));
    return Fma.of(bend, Fma.of(z * z, 3f * cubic, linear), s);
  }

  private float inner(float z) {
    return Fma.of(z * z, cubic, linear) * z;
  }

  private static float clamp(float x) {
    return Math.min(Math.max(x, -LARGEST), LARGEST);
  }
}
