package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Exponential linear units: {@code out = in} where that is positive, {@code alpha · (e^in - 1)}
 * elsewhere (Clevert, Unterthiner and Hochreiter 2015, "Fast and accurate deep network learning by
 * exponential linear units").
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = elu, alpha = 0.5 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param alpha what the output approaches below zero, as a positive number
 */
public record Elu(double alpha) implements Elementwise {
  public static final String TYPE = "elu";

  private static final double ALPHA = 1;

  /** Rejects an alpha that is not positive, also in single precision. */
  public Elu {
    if (!isUsable(alpha)) {
      throw new IllegalArgumentException(
          "Cannot make an elu layer: its alpha must be above 0, got %s.".formatted(alpha));
    }
  }

  private static boolean isUsable(double alpha) {
    return (float) alpha > 0 && Float.isFinite((float) alpha);
  }

  /** Reads {@code alpha}, by default 1 as in PyTorch. */
  public static Elu read(Options options) {
    return new Elu(options.number("alpha", ALPHA, "above 0", Elu::isUsable));
  }

  @Override
  public String summary() {
    return alpha == ALPHA ? "" : "alpha " + alpha;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    float factor = (float) alpha;
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, n) -> apply(factor, in, out, n),
        (in, out, toOut, toIn, n) -> gradient(factor, in, toOut, toIn, n));
  }

  private static void apply(float alpha, float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      float x = input[k];
      output[k] = x > 0f ? x : alpha * FloatMath.expm1(x);
    }
  }

  private static void gradient(
      float alpha, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    for (int k = 0; k < length; k++) {
      float x = input[k];
      float slope = x > 0f ? 1f : alpha * FloatMath.exp(x);
      inputGradient[k] = outputGradient[k] * slope;
    }
  }
}
