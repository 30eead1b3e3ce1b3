package dev.featuremap.layer;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.ConvolutionRule;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Shape;
import java.util.Optional;

/** The sizes of a convolution's products over one input shape, and the kernels for them. */
record ConvolutionSizes(Convolution spec, Shape input) {

  /** Weights of all feature maps. */
  int weights() {
    return geometry().weights();
  }

  /** The tiles of the layer itself, where Winograd's algorithm computes it. */
  Optional<WinogradGeometry> forwardTiles() {
    return ConvolutionRule.layer(geometry(), spec.paddingHeight(), spec.paddingWidth());
  }

  FieldProduct forward(Kernels kernels, int weightsAt) {
    Optional<WinogradGeometry> tiles = forwardTiles();
    return tiles.isPresent()
        ? new WinogradProduct(kernels, tiles.get(), weightsAt, false)
        : DirectProduct.forward(kernels, padding(), geometry(), weightsAt);
  }

  FieldProduct inputGradient(Kernels kernels, int weightsAt) {
    Optional<WinogradGeometry> tiles =
        ConvolutionRule.inputGradient(geometry(), spec.paddingHeight(), spec.paddingWidth());
    if (tiles.isPresent()) {
      return new WinogradProduct(kernels, tiles.get(), weightsAt, true);
    }
    int top = spec.fieldHeight() - 1 - spec.paddingHeight();
    int left = spec.fieldWidth() - 1 - spec.paddingWidth();
    Shape spread = spec.spreadOutput(input);
    ZeroPadding padding =
        new ZeroPadding(spec.outputShape(input), top, left, spec.stride(), spread);
    return DirectProduct.inputGradient(
        kernels, padding, geometry(spread, input.channels(), 1, Math.max(0, top)), weightsAt);
  }

  FieldGradient weightGradient(Kernels kernels) {
    return ConvolutionRule.weightGradient(geometry(), spec.paddingHeight(), spec.paddingWidth())
        .map(tiles -> FieldGradient.winograd(kernels, tiles))
        .orElseGet(() -> FieldGradient.direct(kernels, padding(), geometry()));
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
    return geometry(
        spec.paddedInput(input), spec.featureMaps(), spec.stride(), spec.paddingHeight());
  }

  private ConvolutionGeometry geometry(Shape padded, int featureMaps, int stride, int borderRows) {
    return new ConvolutionGeometry(
        padded.channels(),
        padded.height(),
        padded.width(),
        featureMaps,
        spec.fieldHeight(),
        spec.fieldWidth(),
        stride,
        borderRows);
  }
}
