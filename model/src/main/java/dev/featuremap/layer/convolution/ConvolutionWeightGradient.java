package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.layer.ZeroPadding;

/** Adds the weight gradient of a convolution, one block at a time, to the start of an array. */
interface ConvolutionWeightGradient {

  /**
   * Adds one block's gradient.
   *
   * @param input without padding
   * @param sums {@code [featureMaps, channels, fieldHeight, fieldWidth]} from 0 on
   */
  void add(float[] input, float[] outputGradient, float[] sums);

  /** One chain a weight over padded blocks. */
  static ConvolutionWeightGradient direct(
      Kernels kernels, ZeroPadding padding, ConvolutionGeometry geometry) {
    Correlation correlation = kernels.correlation(geometry);
    return (input, outputGradient, sums) ->
        correlation.weightGradient(padding.apply(input), outputGradient, sums, 0);
  }

  /** By Winograd's algorithm. */
  static ConvolutionWeightGradient winograd(
      Kernels kernels, WinogradGeometry geometry, Scratch scratch) {
    WinogradWeightGradient gradient = kernels.winogradWeightGradient(geometry, scratch);
    float[][] inputs = new float[1][];
    float[][] outputGradients = new float[1][];
    return (input, outputGradient, sums) -> {
      inputs[0] = input;
      outputGradients[0] = outputGradient;
      gradient.add(1, inputs, outputGradients, sums, 0);
    };
  }
}
