package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;

/** A layer without parameters that works on each block by itself. */
public abstract class SingleBlockLayer implements Layer {

  /** Computes the output of one block. */
  public abstract void forward(BlockPass pass, float[] input, float[] output);

  /**
   * Computes the input gradient of one block.
   *
   * @param outputGradient {@code [output shape, 16]}, not changed
   * @param inputGradient {@code [input shape, 16]}, overwritten
   */
  public abstract void backward(
      BlockPass pass, float[] input, float[] output, float[] outputGradient, float[] inputGradient);

  @Override
  public final void forward(
      BlockGroup group, float[] parameters, float[][] input, float[][] output) {
    for (int k = 0; k < group.size(); k++) {
      forward(group.pass(k), input[k], output[k]);
    }
  }

  @Override
  public final void backward(
      BlockGroup group,
      float[] parameters,
      float[][] input,
      float[][] output,
      float[][] outputGradient,
      float[][] inputGradient) {
    if (inputGradient == null) {
      return;
    }
    for (int k = 0; k < group.size(); k++) {
      backward(group.pass(k), input[k], output[k], outputGradient[k], inputGradient[k]);
    }
  }

  /** Itself: a layer that has scratch overrides this. */
  @Override
  public Layer fork(Scratch scratch) {
    return this;
  }
}
