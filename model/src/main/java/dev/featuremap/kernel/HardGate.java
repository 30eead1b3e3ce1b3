package dev.featuremap.kernel;

/** The share {@code min(max(x + 3, 0), 6) / 6}: straight lines in place of a sigmoid. */
public record HardGate() implements Gate {
  /** Where the share ends to grow; it begins at the negative of it. */
  public static final float END = 3f;

  public static final float SIXTH = 1f / 6f;
  public static final float THIRD = 1f / 3f;

  @Override
  public void apply(float[] input, float[] output, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = input[k];
      output[k] = x * (Math.min(Math.max(x + END, 0f), 2f * END) * SIXTH);
    }
  }

  /** The slope is 0 up to -3, 1 from 3 on, and {@code x / 3 + 1/2} between them. */
  @Override
  public void gradient(
      float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    for (int k = from; k < to; k++) {
      float x = input[k];
      float slope = Fma.of(x, THIRD, 0.5f);
      slope = x < END ? slope : 1f;
      inputGradient[k] = outputGradient[k] * (x > -END ? slope : 0f);
    }
  }
}
