package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Sigmoid neurons: {@code out = σ(in) = 1 / (1 + exp(-in))}, with the gradient {@code out · (1 -
 * out)}.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = sigmoid }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Sigmoid() implements Elementwise {
  public static final String TYPE = "sigmoid";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        kernels::sigmoid,
        (in, out, toOut, toIn, n) -> gradient(out, toOut, toIn, n));
  }

  private static void gradient(
      float[] output, float[] outputGradient, float[] inputGradient, int length) {
    for (int k = 0; k < length; k++) {
      inputGradient[k] = outputGradient[k] * (output[k] * (1f - output[k]));
    }
  }
}
