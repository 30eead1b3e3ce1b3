package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;

/** A {@link ConvolutionProduct} by Winograd's algorithm. */
final class WinogradConvolution implements ConvolutionProduct {
  private final Kernels kernels;
  private final WinogradGeometry geometry;
  private final int weightsAt;
  private final boolean turned;
  private final float[] transformedWeights;
  private final Winograd winograd;

  /**
   * A product.
   *
   * @param turned true for the input gradient of the layer whose weights start at {@code weightsAt}
   */
  WinogradConvolution(
      Kernels kernels, WinogradGeometry geometry, int weightsAt, boolean turned, Scratch scratch) {
    this(kernels, geometry, weightsAt, turned, new float[geometry.transformedSize()], scratch);
  }

  private WinogradConvolution(
      Kernels kernels,
      WinogradGeometry geometry,
      int weightsAt,
      boolean turned,
      float[] transformedWeights,
      Scratch scratch) {
    this.kernels = kernels;
    this.geometry = geometry;
    this.weightsAt = weightsAt;
    this.turned = turned;
    this.transformedWeights = transformedWeights;
    this.winograd = kernels.winograd(geometry, scratch);
  }

  @Override
  public ConvolutionProduct fork(Scratch scratch) {
    return new WinogradConvolution(
        kernels, geometry, weightsAt, turned, transformedWeights, scratch);
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
