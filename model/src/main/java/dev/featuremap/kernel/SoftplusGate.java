package dev.featuremap.kernel;

/**
 * The share {@code tanh(log(1 + e^x))}, computed as {@code n / (n + 2)} with {@code n = e^x · (e^x
 * + 2)}, which loses no digits for small {@code e^x}.
 */
public record SoftplusGate() implements Gate {
  /** Above it the share rounds to 1; squares of its exponential are finite. */
  public static final float LARGEST = 20f;

  @Override
  public void apply(float[] input, float[] output, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = input[k];
      float e = FloatMath.exp(Math.min(x, LARGEST));
      float n = e * (e + 2f);
      output[k] = x * (n / (n + 2f));
    }
  }

  /** The slope is {@code share + x · 4 · e^x · (e^x + 1) / (n + 2)²}. */
  @Override
  public void gradient(
      float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = Math.min(Math.max(input[k], FloatMath.EXP_MIN), LARGEST);
      float e = FloatMath.exp(x);
      float n = e * (e + 2f);
      float whole = n + 2f;
      float bend = 4f * (e * (e + 1f)) / whole / whole;
      inputGradient[k] = outputGradient[k] * Fma.of(x, bend, n / whole);
    }
  }
}
