package dev.featuremap.kernel;

/**
 * A neuron that passes a share of its input, {@code x · share(x)}; the share grows from about 0 to
 * 1 with x.
 *
 * <p>Each has loops of its own: one loop over neurons of several classes would call a method for
 * each value.
 */
public sealed interface Gate permits SigmoidGate, HardGate, NormalGate, SoftplusGate {
  /** {@code x · σ(x)}. */
  SigmoidGate SILU = new SigmoidGate(1f, 0f);

  /**
   * {@code x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))}, since {@code (1 + tanh u) / 2 =
   * σ(2u)}.
   */
  SigmoidGate GELU_TANH = new SigmoidGate(1.5957692f, 0.071354814f);

  /** {@code x · Φ(x)}. */
  NormalGate GELU = new NormalGate();

  /** {@code x · min(max(x + 3, 0), 6) / 6}. */
  HardGate HARD_SWISH = new HardGate();

  /** {@code x · tanh(log(1 + e^x))}. */
  SoftplusGate MISH = new SoftplusGate();

  /** {@code output[k] = x · share(x)} of the inputs {@code x} in {@code [from, to)}. */
  void apply(float[] input, float[] output, int from, int to);

  /**
   * {@code inputGradient[k] = outputGradient[k] · slope(x)} for {@code k} in {@code [from, to)},
   * with the derivative of {@link #apply}.
   */
  void gradient(float[] input, float[] outputGradient, float[] inputGradient, int from, int to);
}
