package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.Scratch;

/**
 * One direction of a convolution, over blocks without padding: the layer, or its input gradient.
 */
interface ConvolutionProduct {

  /** Makes a part of what {@link #apply} needs of the weights, for all forks. */
  void prepare(float[] parameters, int part, int parts);

  /**
   * Computes the product for {@code blocks} blocks.
   *
   * @param biasesAt where the biases start; negative for none
   */
  void apply(int blocks, float[][] input, float[] parameters, int biasesAt, float[][] output);

  /** The same for another thread, whose scratch it uses. */
  ConvolutionProduct fork(Scratch scratch);
}
