package dev.featuremap.kernel;

/**
 * The matrix products of a fully connected layer of {@code [outputs, inputs]} weights, for one or
 * several blocks at once, so that a weight is loaded once for all of them.
 *
 * <p>Made once per layer: holds scratch, allocates nothing per call, and is used by one thread.
 * {@code float[][]} arguments hold one array a block.
 */
public interface FullyConnectedProducts {

  /**
   * {@code out[o] = bias[o] + Σ_i w[o,i] · in[i]}; the chain starts at the bias, or at zero.
   *
   * @param input {@code blocks} arrays {@code [inputs, 16]}
   * @param parameters holds weights {@code [outputs, inputs]} and biases {@code [outputs]}
   * @param biasesAt where the biases start; negative for none
   * @param output {@code blocks} arrays {@code [outputs, 16]}, overwritten
   */
  void forward(
      int blocks,
      float[][] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[][] output);

  /** {@code gi[i] = Σ_o w[o,i] · go[o]}; the chain starts at zero. */
  void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient);
}
