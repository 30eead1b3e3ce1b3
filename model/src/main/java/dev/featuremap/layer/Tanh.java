package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;

/**
 * Tanh neurons: {@code out = tanh(in)}, with the gradient {@code 1 - out²}.
 *
 * <p>Shapes: output as input.
 */
public record Tanh() implements Elementwise {
  static final String TYPE = "tanh";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Tangents(input.blockSize(), kernels);
  }

  private static final class Tangents extends SingleBlockLayer {
    private final int blockSize;
    private final Kernels kernels;

    Tangents(int blockSize, Kernels kernels) {
      this.blockSize = blockSize;
      this.kernels = kernels;
    }

    @Override
    void forward(BlockPass pass, float[] input, float[] output) {
      kernels.tanh(input, output, blockSize);
    }

    @Override
    void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      for (int k = 0; k < blockSize; k++) {
        inputGradient[k] = outputGradient[k] * (1f - output[k] * output[k]);
      }
    }
  }
}
