package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;

/**
 * A {@link ConvolutionProduct} by Winograd's algorithm.
 *
 * @param turned true for the input gradient of the layer whose weights start at {@code weightsAt}
 * @param transformedWeights for all forks
 */
record WinogradConvolution(
    Kernels kernels,
    WinogradGeometry geometry,
    int weightsAt,
    boolean turned,
    float[] transformedWeights,
    Winograd winograd)
    implements ConvolutionProduct {

  static WinogradConvolution of(
      Kernels kernels, WinogradGeometry geometry, int weightsAt, boolean turned, Scratch scratch) {
    float[] transformedWeights = new float[geometry.transformedSize()];
    Winograd winograd = kernels.winograd(geometry, scratch);
    return new WinogradConvolution(
        kernels, geometry, weightsAt, turned, transformedWeights, winograd);
  }

  @Override
  public ConvolutionProduct fork(Scratch scratch) {
    Winograd own = kernels.winograd(geometry, scratch);
    return new WinogradConvolution(kernels, geometry, weightsAt, turned, transformedWeights, own);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    winograd.transformWeights(parameters, weightsAt, turned, transformedWeights, part, parts);
  }

  @Override
  public void apply(
      int blocks, float[][] input, float[] parameters, int biasesAt, float[][] output) {
    winograd.apply(blocks, input, transformedWeights, parameters, biasesAt, output);
  }
}
