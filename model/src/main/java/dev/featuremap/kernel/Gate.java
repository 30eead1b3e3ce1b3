package dev.featuremap.kernel;

/**
 * A neuron that passes a share of its input, {@code x · σ(v)} with {@code v = linear · x + cubic ·
 * x³}; the share saturates beyond {@value #LARGEST}.
 *
 * @param linear factor of x
 * @param cubic factor of x³
 */
public record Gate(float linear, float cubic) {
  /** {@code x · σ(x)}. */
  public static final Gate SILU = new Gate(1f, 0f);

  /**
   * {@code x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))}, since {@code (1 + tanh u) / 2 =
   * σ(2u)}.
   */
  public static final Gate GELU = new Gate(1.5957692f, 0.071354814f);

  /** Magnitude from which x counts as this in {@code v}; cubes then stay finite. */
  public static final float LARGEST = 90f;

  /** The neuron's output. */
  public float apply(float x) {
    float z = clamp(x);
    return x * FloatMath.sigmoid(inner(z));
  }

  /** The derivative of {@link #apply}: {@code σ + x · σ · (1 - σ) · dv/dx}. */
  public float slope(float x) {
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
