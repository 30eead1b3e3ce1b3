package dev.featuremap.kernel;

/**
 * The passes of batch normalization over blocks of one size. What it needs of a whole mini-batch is
 * gathered block by block and joined by the caller.
 *
 * <p>Made once per layer and thread: holds scratch and allocates nothing per call. Arrays are
 * {@code [channels, pixels, 16]}; a sum over a channel of a block runs per lane, in four chains of
 * every fourth pixel that are added as {@code (0 + 1) + (2 + 3)}, then the up to three pixels left,
 * and then over the lanes in use, in double.
 */
public interface BatchNormalization {

  /**
   * Describes each channel of a block: its mean, and the sum of the squared deviations from it,
   * which a second pass takes.
   *
   * @param images lanes in use
   * @param means {@code [channels]}, overwritten
   * @param squares {@code [channels]}, overwritten
   */
  void statistics(float[] input, int images, double[] means, double[] squares);

  /**
   * {@code output = max(fma(input, scale, shift) + addend, floor)} with the scale and shift of the
   * channel.
   *
   * @param addend as large as the input; null for none
   * @param floor 0 to rectify, negative infinity not to; NaN stays NaN
   */
  void normalize(
      float[] input, float[] scale, float[] shift, float[] addend, float floor, float[] output);

  /**
   * Sums the gradient over each channel of a block, and its products with the distance of the input
   * from the mean.
   *
   * @param sums {@code Σ g}, overwritten
   * @param products {@code Σ g · (input - mean)}, overwritten
   */
  void gradientSums(
      float[] input,
      float[] gradient,
      NormalizationGradient factors,
      int images,
      double[] sums,
      double[] products);

  /**
   * {@code inputGradient = fma(ofGradient, g, fma(ofDistance, input - mean, constant))} with the
   * factors of the channel, and 0 in lanes that are not in use.
   *
   * @param inputGradient may be {@code gradient}
   */
  void inputGradient(
      float[] input,
      float[] gradient,
      NormalizationGradient factors,
      int images,
      float[] inputGradient);
}
