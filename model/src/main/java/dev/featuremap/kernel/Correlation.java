package dev.featuremap.kernel;

/**
 * Cross-correlation of feature maps with local receptive fields, and its gradients, for one {@link
 * ConvolutionGeometry} with stride {@code s} and dilation {@code d}.
 *
 * <p>Made once per layer: holds tables and scratch, allocates nothing per call, and is used by one
 * thread. Arrays are {@code [..][lane]} with 16 lanes; the input is padded already.
 */
public interface Correlation {

  /**
   * {@code out[f,y,x] = bias[f] + Σ w[f,c,i,j] · in[c, y·s + i·d, x·s + j·d]}.
   *
   * <p>Chain: start at the bias, then channels, rows of the field that lie inside the border,
   * columns of the field.
   *
   * @param input {@code [channels, height, width, 16]}
   * @param parameters holds weights {@code [featureMaps, channels, fieldHeight, fieldWidth]} at
   *     {@code weightsAt} and biases {@code [featureMaps]} at {@code biasesAt}; a negative {@code
   *     biasesAt} means zero biases
   * @param output {@code [featureMaps, outputHeight, outputWidth, 16]}, overwritten
   */
  void apply(float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output);

  /**
   * {@code gw[f,c,i,j] += Σ_lanes Σ_{y,x} go[f,y,x] · in[c, y·s + i·d, x·s + j·d]}.
   *
   * <p>Chain per lane: start at zero, then output rows, output columns; then the lane sum; then one
   * addition to the gradient.
   */
  void weightGradient(
      float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt);

  /**
   * {@code gb[f] += Σ_lanes Σ_{y,x} go[f,y,x]}; per lane a chain of additions that starts at zero,
   * then the lane sum, then one addition to the gradient.
   */
  void biasGradient(float[] outputGradient, float[] parameterGradient, int biasesAt);
}
