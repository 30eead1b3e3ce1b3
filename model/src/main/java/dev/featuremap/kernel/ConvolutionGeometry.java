package dev.featuremap.kernel;

import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;

/**
 * The sizes of one convolution over an input that is already padded.
 *
 * @param channels input feature maps
 * @param height input rows, padding included
 * @param width input columns, padding included
 * @param featureMaps output feature maps
 * @param fieldHeight rows of the local receptive field
 * @param fieldWidth columns of the local receptive field
 * @param stride steps of the field
 * @param dilation distances between neighbouring rows and columns of the field, at least 1
 * @param topBorder rows above that hold zeros and that outputs leave out of their chains
 * @param bottomBorder rows below that do
 */
public record ConvolutionGeometry(
    int channels,
    int height,
    int width,
    int featureMaps,
    int fieldHeight,
    int fieldWidth,
    Extent stride,
    Extent dilation,
    int topBorder,
    int bottomBorder) {

  /** The sizes of a field without gaps, without a border. */
  public ConvolutionGeometry(
      int channels,
      int height,
      int width,
      int featureMaps,
      int fieldHeight,
      int fieldWidth,
      int stride) {
    this(
        channels,
        height,
        width,
        featureMaps,
        fieldHeight,
        fieldWidth,
        Extent.square(stride),
        Extent.ONE,
        0,
        0);
  }

  /** Output rows: {@code (height - dilation · (fieldHeight - 1) - 1) / stride + 1}. */
  public int outputHeight() {
    return (height - dilation.rows() * (fieldHeight - 1) - 1) / stride.rows() + 1;
  }

  /** Output columns: {@code (width - dilation · (fieldWidth - 1) - 1) / stride + 1}. */
  public int outputWidth() {
    return (width - dilation.columns() * (fieldWidth - 1) - 1) / stride.columns() + 1;
  }

  /** The first row of the field, at output row {@code y}, that lies inside the border. */
  public int firstFieldRow(int y) {
    return Math.max(0, rowsBefore(topBorder - y * stride.rows()));
  }

  /** The row of the field after the last one that lies inside the border. */
  public int endFieldRow(int y) {
    return Math.min(fieldHeight, rowsBefore(height - bottomBorder - y * stride.rows()));
  }

  /** Rows of the field whose offset from its corner is below {@code row}. */
  private int rowsBefore(int row) {
    return Math.floorDiv(row + dilation.rows() - 1, dilation.rows());
  }

  /** Where a tap lies in a channel of the input, from the field's corner, in pixels. */
  public int tapOffset(int row, int column) {
    return row * dilation.rows() * width + column * dilation.columns();
  }

  /** Where the field's corner lies for an output pixel, in a channel of the input, in pixels. */
  public int cornerOffset(int y, int x) {
    return y * stride.rows() * width + x * stride.columns();
  }

  /** Weights of one feature map: {@code channels · fieldHeight · fieldWidth}. */
  public int taps() {
    return channels * fieldHeight * fieldWidth;
  }

  /** Weights of all feature maps, laid out {@code [featureMap][channel][row][column]}. */
  public int weights() {
    return featureMaps * taps();
  }

  /** Floats of an input block. */
  public int inputBlockSize() {
    return channels * height * width * Lanes.COUNT;
  }

  /** Floats of an output block. */
  public int outputBlockSize() {
    return featureMaps * outputHeight() * outputWidth() * Lanes.COUNT;
  }
}
