package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;

/**
 * Rectified linear units: {@code out = max(in, 0)}, NaN stays NaN. The gradient passes where {@code
 * out} is positive (Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann
 * machines").
 *
 * <p>Shapes: output as input.
 */
public record Relu() implements Elementwise {
  static final String TYPE = "relu";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Rectifiers(input.blockSize(), kernels);
  }

  private static final class Rectifiers extends SingleBlockLayer {
    private final int blockSize;
    private final Kernels kernels;

    Rectifiers(int blockSize, Kernels kernels) {
      this.blockSize = blockSize;
      this.kernels = kernels;
    }

    @Override
    void forward(BlockPass pass, float[] input, float[] output) {
      kernels.rectify(input, output, blockSize);
    }

    @Override
    void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      kernels.rectifyGradient(output, outputGradient, inputGradient, blockSize);
    }
  }
}
