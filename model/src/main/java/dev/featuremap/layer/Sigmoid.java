package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;

/**
 * Sigmoid neurons: {@code out = σ(in) = 1 / (1 + exp(-in))}, with the gradient {@code out · (1 -
 * out)}.
 *
 * <p>Shapes: output as input.
 */
public record Sigmoid() implements Elementwise {
  static final String TYPE = "sigmoid";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Sigmoids(input.blockSize(), kernels);
  }

  private static final class Sigmoids extends SingleBlockLayer {
    private final int blockSize;
    private final Kernels kernels;

    Sigmoids(int blockSize, Kernels kernels) {
      this.blockSize = blockSize;
      this.kernels = kernels;
    }

    @Override
    void forward(BlockPass pass, float[] input, float[] output) {
      kernels.sigmoid(input, output, blockSize);
    }

    @Override
    void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      for (int k = 0; k < blockSize; k++) {
        inputGradient[k] = outputGradient[k] * (output[k] * (1f - output[k]));
      }
    }
  }
}
