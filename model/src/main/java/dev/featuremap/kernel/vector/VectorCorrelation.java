package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;

/** {@link Correlation} with the Vector API. */
final class VectorCorrelation implements Correlation {
  private final VectorConvolution convolution;
  private final VectorConvolutionGradient gradient;

  VectorCorrelation(ConvolutionGeometry geometry) {
    convolution = new VectorConvolution(geometry);
    gradient = new VectorConvolutionGradient(geometry);
  }

  @Override
  public void apply(
      float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output) {
    convolution.apply(input, parameters, weightsAt, biasesAt, output);
  }

  @Override
  public void weightGradient(
      float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt) {
    gradient.weights(input, outputGradient, parameterGradient, weightsAt);
  }

  @Override
  public void biasGradient(float[] outputGradient, float[] parameterGradient, int biasesAt) {
    gradient.biases(outputGradient, parameterGradient, biasesAt);
  }
}
