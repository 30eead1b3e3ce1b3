package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Tanh neurons: {@code out = tanh(in)}, with the gradient {@code 1 - out²}.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = tanh }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Tanh() implements Elementwise {
  public static final String TYPE = "tanh";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        kernels::tanh,
        (in, out, toOut, toIn, n) -> gradient(out, toOut, toIn, n));
  }

  private static void gradient(
      float[] output, float[] outputGradient, float[] inputGradient, int length) {
    for (int k = 0; k < length; k++) {
      inputGradient[k] = outputGradient[k] * (1f - output[k] * output[k]);
    }
  }
}
