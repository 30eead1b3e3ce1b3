package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.ZeroPadding;

/** A {@link ConvolutionProduct} as one chain an output over padded blocks. */
final class DirectConvolution implements ConvolutionProduct {
  private final Kernels kernels;
  private final ZeroPadding padding;
  private final ConvolutionGeometry geometry;
  private final int weightsAt;
  private final float[] turnedWeights; // [featureMaps, channels, fieldHeight, fieldWidth], or null
  private final Correlation correlation;

  private DirectConvolution(
      Kernels kernels,
      ZeroPadding padding,
      ConvolutionGeometry geometry,
      int weightsAt,
      float[] turnedWeights) {
    this.kernels = kernels;
    this.padding = padding;
    this.geometry = geometry;
    this.weightsAt = weightsAt;
    this.turnedWeights = turnedWeights;
    this.correlation = kernels.correlation(geometry);
  }

  /** The layer itself. */
  static DirectConvolution forward(
      Kernels kernels, ZeroPadding padding, ConvolutionGeometry geometry, int weightsAt) {
    return new DirectConvolution(kernels, padding, geometry, weightsAt, null);
  }

  /**
   * The input gradient: the weights of the layer are turned by 180°, and channels and maps change
   * roles.
   *
   * @param geometry of the gradient
   * @param weightsAt the layer's weights, {@code [channels, featureMaps, ..]} of the gradient
   */
  static DirectConvolution inputGradient(
      Kernels kernels, ZeroPadding padding, ConvolutionGeometry geometry, int weightsAt) {
    return new DirectConvolution(
        kernels, padding, geometry, weightsAt, new float[geometry.weights()]);
  }

  @Override
  public ConvolutionProduct fork(Scratch scratch) {
    return new DirectConvolution(
        kernels, padding.fork(scratch), geometry, weightsAt, turnedWeights);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    if (turnedWeights != null) {
      TurnedWeights.write(geometry, parameters, weightsAt, turnedWeights, 0, part, parts);
    }
  }

  @Override
  public void apply(
      int blocks, float[][] input, float[] parameters, int biasesAt, float[][] output) {
    for (int k = 0; k < blocks; k++) {
      float[] padded = padding.apply(input[k]);
      if (turnedWeights == null) {
        correlation.apply(padded, parameters, weightsAt, biasesAt, output[k]);
      } else {
        correlation.apply(padded, turnedWeights, 0, biasesAt, output[k]);
      }
    }
  }
}
