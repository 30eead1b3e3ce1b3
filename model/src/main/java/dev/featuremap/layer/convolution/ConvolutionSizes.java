package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.ConvolutionRule;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.layer.ZeroPadding;
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
    return ConvolutionRule.layer(geometry(), field().paddingHeight(), field().paddingWidth());
  }

  ConvolutionProduct forward(Kernels kernels, int weightsAt, Scratch scratch) {
    Optional<WinogradGeometry> tiles = forwardTiles();
    return tiles.isPresent()
        ? WinogradConvolution.of(kernels, tiles.get(), weightsAt, false, scratch)
        : DirectConvolution.forward(kernels, padding(scratch), geometry(), weightsAt);
  }

  ConvolutionProduct inputGradient(Kernels kernels, int weightsAt, Scratch scratch) {
    if (field().stride() > 1 && field().dilation() == 1) {
      return StridedInputGradient.of(
          kernels, field(), input, spec.outputShape(input), weightsAt, scratch);
    }
    Optional<WinogradGeometry> tiles =
        ConvolutionRule.inputGradient(geometry(), field().paddingHeight(), field().paddingWidth());
    return tiles.isPresent()
        ? WinogradConvolution.of(kernels, tiles.get(), weightsAt, true, scratch)
        : DirectConvolution.inputGradient(
            kernels, spreading(scratch), inputGradientGeometry(), weightsAt);
  }

  ConvolutionWeightGradient weightGradient(Kernels kernels, Scratch scratch) {
    return ConvolutionRule.weightGradient(
            geometry(), field().paddingHeight(), field().paddingWidth())
        .map(tiles -> ConvolutionWeightGradient.winograd(kernels, tiles, scratch))
        .orElseGet(() -> ConvolutionWeightGradient.direct(kernels, padding(scratch), geometry()));
  }

  /** A bias gradient has no field: its correlation is over the output alone. */
  Correlation biasGradient(Kernels kernels) {
    Shape output = spec.outputShape(input);
    return kernels.correlation(
        new ConvolutionGeometry(1, output.height(), output.width(), spec.featureMaps(), 1, 1, 1));
  }

  /** Puts a border of zeros around the input. */
  ZeroPadding padding(Scratch scratch) {
    return new ZeroPadding(
        input, field().paddingHeight(), field().paddingWidth(), 1, field().padded(input), scratch);
  }

  /** Spreads the output gradient for the input gradient. */
  ZeroPadding spreading(Scratch scratch) {
    return new ZeroPadding(
        spec.outputShape(input),
        spreadTop(),
        field().spanWidth() - 1 - field().paddingWidth(),
        field().stride(),
        field().spread(input, spec.featureMaps()),
        scratch);
  }

  private int spreadTop() {
    return field().spanHeight() - 1 - field().paddingHeight();
  }

  /** The layer itself, over its padded input. */
  ConvolutionGeometry geometry() {
    return geometry(
        field().padded(input), spec.featureMaps(), field().stride(), field().paddingHeight());
  }

  /** The input gradient, over the spread output gradient. */
  ConvolutionGeometry inputGradientGeometry() {
    return geometry(
        field().spread(input, spec.featureMaps()), input.channels(), 1, Math.max(0, spreadTop()));
  }

  private ConvolutionGeometry geometry(Shape padded, int featureMaps, int stride, int borderRows) {
    if (field().size() == 1 && stride == 1 && borderRows == 0) {
      // A field of one pixel sees a map as one row, which tiles of pixels divide best.
      int pixels = padded.height() * padded.width();
      return new ConvolutionGeometry(padded.channels(), 1, pixels, featureMaps, 1, 1, 1);
    }
    return new ConvolutionGeometry(
        padded.channels(),
        padded.height(),
        padded.width(),
        featureMaps,
        field().height(),
        field().width(),
        stride,
        borderRows,
        field().dilation());
  }

  private ReceptiveField field() {
    return spec.field();
  }
}
