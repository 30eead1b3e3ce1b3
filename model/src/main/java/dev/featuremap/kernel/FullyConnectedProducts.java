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
   * {@code out[o] = bias[o] + Σ_i w[o,i] · in[i]}; the chain starts at the bias.
   *
   * @param input {@code blocks} arrays {@code [inputs, 16]}
   * @param parameters holds weights {@code [outputs, inputs]} and biases {@code [outputs]}
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

  /**
   * Turns a block {@code [size, 16]} into 16 rows {@code [16, size]} at row {@code image} of {@code
   * rows}, as the weight gradient reads them.
   */
  void transpose(int size, float[] block, float[] rows, int image);

  /**
   * {@code gw[o,i] = Σ_images go[image,o] · in[image,i]} for the outputs in {@code [firstOutput,
   * endOutput)}, overwritten.
   *
   * <p>Chain: start at zero, then images. Inputs are the vector, so nothing is summed across lanes.
   *
   * @param inputRows {@code [images, inputs]}
   * @param gradientRows {@code [images, outputs]}
   */
  void weightGradient(
      int images,
      float[] inputRows,
      float[] gradientRows,
      float[] parameterGradient,
      int weightsAt,
      int firstOutput,
      int endOutput);

  /**
   * {@code gb[o] = Σ_images go[image,o]} for the outputs in {@code [firstOutput, endOutput)},
   * overwritten; a chain of additions over images from zero.
   */
  void biasGradient(
      int images,
      float[] gradientRows,
      float[] parameterGradient,
      int biasesAt,
      int firstOutput,
      int endOutput);
}
