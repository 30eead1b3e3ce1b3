package dev.featuremap.layer;

import dev.featuremap.kernel.ConvolutionAlgorithm;
import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Shape;

/** The sizes of a convolution's products over one input shape, and the kernels for them. */
record ConvolutionSizes(Convolution spec, Shape input) {

  /** Weights of all feature maps. */
  int weights() {
    return geometry().weights();
  }

  ConvolutionAlgorithm forwardAlgorithm() {
    return ConvolutionAlgorithm.ofProduct(geometry(), spec.paddingHeight(), spec.paddingWidth());
  }

  FieldProduct forward(Kernels kernels, int weightsAt) {
    ConvolutionAlgorithm algorithm = forwardAlgorithm();
    return algorithm == ConvolutionAlgorithm.DIRECT
        ? DirectProduct.forward(kernels, padding(), geometry(), weightsAt)
        : new WinogradProduct(kernels, tiles(algorithm), weightsAt, false);
  }

  FieldProduct inputGradient(Kernels kernels, int weightsAt) {
    int top = spec.fieldHeight() - 1 - spec.paddingHeight();
    int left = spec.fieldWidth() - 1 - spec.paddingWidth();
    Shape spread = spec.spreadOutput(input);
    ConvolutionGeometry gradient = geometry(spread, input.channels(), 1);
    if (spec.stride() == 1 && Math.min(top, left) >= 0) {
      ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.ofProduct(gradient, top, left);
      if (algorithm != ConvolutionAlgorithm.DIRECT) {
        return new WinogradProduct(kernels, tiles(algorithm).inputGradient(), weightsAt, true);
      }
    }
    ZeroPadding padding =
        new ZeroPadding(spec.outputShape(input), top, left, spec.stride(), spread);
    return DirectProduct.inputGradient(kernels, padding, gradient, weightsAt);
  }

  FieldGradient weightGradient(Kernels kernels) {
    ConvolutionAlgorithm algorithm =
        ConvolutionAlgorithm.ofWeightGradient(
            geometry(), spec.paddingHeight(), spec.paddingWidth());
    return algorithm == ConvolutionAlgorithm.DIRECT
        ? FieldGradient.direct(kernels, padding(), geometry())
        : FieldGradient.winograd(kernels, tiles(algorithm));
  }

  /** A bias gradient has no field: its correlation is over the output alone. */
  Correlation biasGradient(Kernels kernels) {
    Shape output = spec.outputShape(input);
    return kernels.correlation(
        new ConvolutionGeometry(1, output.height(), output.width(), spec.featureMaps(), 1, 1, 1));
  }

  private ZeroPadding padding() {
    return new ZeroPadding(
        input, spec.paddingHeight(), spec.paddingWidth(), 1, spec.paddedInput(input));
  }

  private ConvolutionGeometry geometry() {
    return geometry(spec.paddedInput(input), spec.featureMaps(), spec.stride());
  }

  private ConvolutionGeometry geometry(Shape padded, int featureMaps, int stride) {
    return new ConvolutionGeometry(
        padded.channels(),
        padded.height(),
        padded.width(),
        featureMaps,
        spec.fieldHeight(),
        spec.fieldWidth(),
        stride);
  }

  private WinogradGeometry tiles(ConvolutionAlgorithm algorithm) {
    return new WinogradGeometry(
        input.channels(),
        input.height(),
        input.width(),
        spec.featureMaps(),
        spec.paddingHeight(),
        spec.paddingWidth(),
        algorithm.tile());
  }
}
