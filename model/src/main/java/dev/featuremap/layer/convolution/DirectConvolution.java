package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.ZeroPadding;

/**
 * A {@link ConvolutionProduct} as one chain an output over padded blocks.
 *
 * @param turnedWeights {@code [featureMaps, channels, fieldHeight, fieldWidth]}, or null
 */
record DirectConvolution(
    Kernels kernels,
    ZeroPadding padding,
    ConvolutionGeometry geometry,
    int weightsAt,
    float[] turnedWeights,
    Correlation correlation)
    implements ConvolutionProduct {

  /** The layer itself. */
  static DirectConvolution forward(
      Kernels kernels, ZeroPadding padding, ConvolutionGeometry geometry, int weightsAt) {
    return new DirectConvolution(
        kernels, padding, geometry, weightsAt, null, kernels.correlation(geometry));
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
    float[] turned = new float[geometry.weights()];
    return new DirectConvolution(
        kernels, padding, geometry, weightsAt, turned, kernels.correlation(geometry));
  }

  @Override
  public ConvolutionProduct fork(Scratch scratch) {
    Correlation own = kernels.correlation(geometry);
    return new DirectConvolution(
        kernels, padding.fork(scratch), geometry, weightsAt, turnedWeights, own);
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
