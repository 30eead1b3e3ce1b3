package dev.featuremap.layer.elementwise;

import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.SingleBlockLayer;

/** An {@link Elementwise} layer at work: two functions over the values of a block. */
final class ElementwiseLayer extends SingleBlockLayer {
  private final int blockSize;
  private final Function function;
  private final Gradient gradient;

  /** Writes {@code length} outputs. */
  @FunctionalInterface
  interface Function {
    void apply(float[] input, float[] output, int length);
  }

  /** Writes {@code length} gradients of the input, from what of the others it needs. */
  @FunctionalInterface
  interface Gradient {
    void apply(
        float[] input, float[] output, float[] outputGradient, float[] inputGradient, int length);
  }

  ElementwiseLayer(int blockSize, Function function, Gradient gradient) {
    this.blockSize = blockSize;
    this.function = function;
    this.gradient = gradient;
  }

  @Override
  public void forward(BlockPass pass, float[] input, float[] output) {
    function.apply(input, output, blockSize);
  }

  @Override
  public void backward(
      BlockPass pass,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    gradient.apply(input, output, outputGradient, inputGradient, blockSize);
  }
}
