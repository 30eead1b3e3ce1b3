package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Hard sigmoid: {@code out = min(max(in + 3, 0), 6) / 6}, straight lines in place of the sigmoid
 * (Howard et al. 2019, "Searching for MobileNetV3", section 5.2). Other libraries have other slopes
 * under this name; this is PyTorch's.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = hard-sigmoid }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record HardSigmoid() implements Elementwise {
  public static final String TYPE = "hard-sigmoid";

  private static final float SIXTH = 1f / 6f;

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        HardSigmoid::apply,
        (in, out, toOut, toIn, n) -> gradient(in, toOut, toIn, n));
  }

  private static void apply(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = Math.min(Math.max(input[k] + 3f, 0f), 6f) * SIXTH;
    }
  }

  private static void gradient(
      float[] input, float[] outputGradient, float[] inputGradient, int length) {
    for (int k = 0; k < length; k++) {
      float x = input[k];
      inputGradient[k] = x > -3f && x < 3f ? outputGradient[k] * SIXTH : 0f;
    }
  }
}
