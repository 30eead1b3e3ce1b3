package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.ConvolutionRule;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.layer.ZeroPadding;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.tensor.Extent;
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
    return tiles(ConvolutionRule::layer);
  }

  /** The tiles that a rule gives the layer; they know no padding on one side. */
  private Optional<WinogradGeometry> tiles(TileRule rule) {
    Padding padding = padding();
    return padding.isSymmetric()
        ? rule.tiles(geometry(), padding.top(), padding.left())
        : Optional.empty();
  }

  private interface TileRule {
    Optional<WinogradGeometry> tiles(ConvolutionGeometry padded, int rows, int columns);
  }

  ConvolutionProduct forward(Kernels kernels, int weightsAt, Scratch scratch) {
    Optional<WinogradGeometry> tiles = forwardTiles();
    return tiles.isPresent()
        ? WinogradConvolution.of(kernels, tiles.get(), weightsAt, false, scratch)
        : DirectConvolution.forward(kernels, padding(scratch), geometry(), weightsAt);
  }

  ConvolutionProduct inputGradient(Kernels kernels, int weightsAt, Scratch scratch) {
    if (!field().stride().equals(Extent.ONE) && field().dilation().equals(Extent.ONE)) {
      return StridedInputGradient.of(
          kernels, field(), input, spec.outputShape(input), weightsAt, scratch);
    }
    Optional<WinogradGeometry> tiles = tiles(ConvolutionRule::inputGradient);
    return tiles.isPresent()
        ? WinogradConvolution.of(kernels, tiles.get(), weightsAt, true, scratch)
        : DirectConvolution.inputGradient(
            kernels, spreading(scratch), inputGradientGeometry(), weightsAt);
  }

  ConvolutionWeightGradient weightGradient(Kernels kernels, Scratch scratch) {
    return tiles(ConvolutionRule::weightGradient)
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
    Padding padding = padding();
    return new ZeroPadding(
        input, padding.top(), padding.left(), Extent.ONE, padding.around(input), scratch);
  }

  /** Spreads the output gradient for the input gradient. */
  ZeroPadding spreading(Scratch scratch) {
    Padding border = spreadBorder();
    return new ZeroPadding(
        spec.outputShape(input),
        border.top(),
        border.left(),
        field().stride(),
        field().spread(input, spec.featureMaps()),
        scratch);
  }

  /** What the spread output gradient has around it; where negative, it is cut off. */
  private Padding spreadBorder() {
    Extent span = field().window().span();
    Padding padding = padding();
    return new Padding(
        span.rows() - 1 - padding.top(),
        span.columns() - 1 - padding.left(),
        span.rows() - 1 - padding.bottom(),
        span.columns() - 1 - padding.right());
  }

  /** The layer itself, over its padded input. */
  ConvolutionGeometry geometry() {
    Padding padding = padding();
    return geometry(
        padding.around(input),
        spec.featureMaps(),
        field().stride(),
        padding.top(),
        padding.bottom());
  }

  /** The input gradient, over the spread output gradient. */
  ConvolutionGeometry inputGradientGeometry() {
    Padding border = spreadBorder();
    return geometry(
        field().spread(input, spec.featureMaps()),
        input.channels(),
        Extent.ONE,
        Math.max(0, border.top()),
        Math.max(0, border.bottom()));
  }

  private ConvolutionGeometry geometry(
      Shape padded, int featureMaps, Extent stride, int topBorder, int bottomBorder) {
    if (field().size() == 1 && stride.equals(Extent.ONE) && topBorder + bottomBorder == 0) {
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
        field().dilation(),
        topBorder,
        bottomBorder);
  }

  private Padding padding() {
    return field().padding(input);
  }

  private ReceptiveField field() {
    return spec.field();
  }
}
