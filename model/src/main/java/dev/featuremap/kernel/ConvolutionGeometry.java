package dev.featuremap.kernel;

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
 * @param stride step of the field, in rows and in columns
 * @param borderRows rows above and below that hold zeros and that outputs leave out of their chains
 * @param dilation distance between neighbouring rows and columns of the field, at least 1
 */
public record ConvolutionGeometry(
    int channels,
    int height,
    int width,
    int featureMaps,
    int fieldHeight,
    int fieldWidth,
    int stride,
    int borderRows,
    int dilation) {

  /** The sizes of a field without gaps, without a border. */
  public ConvolutionGeometry(
      int channels,
      int height,
      int width,
      int featureMaps,
      int fieldHeight,
      int fieldWidth,
      int stride) {
    this(channels, height, width, featureMaps, fieldHeight, fieldWidth, stride, 0, 1);
  }

  /** Output rows: {@code (height - dilation · (fieldHeight - 1) - 1) / stride + 1}. */
  public int outputHeight() {
    return (height - dilation * (fieldHeight - 1) - 1) / stride + 1;
  }

  /** Output columns: {@code (width - dilation · (fieldWidth - 1) - 1) / stride + 1}. */
  public int outputWidth() {
    return (width - dilation * (fieldWidth - 1) - 1) / stride + 1;
  }

  /** The first row of the field, at output row {@code y}, that lies inside the border. */
  public int firstFieldRow(int y) {
    return Math.max(0, rowsBefore(borderRows - y * stride));
  }

  /** The row of the field after the last one that lies inside the border. */
  public int endFieldRow(int y) {
    return Math.min(fieldHeight, rowsBefore(height - borderRows - y * stride));
  }

  /** Rows of the field whose offset from its corner is below {@code row}. */
  private int rowsBefore(int row) {
    return Math.floorDiv(row + dilation - 1, dilation);
  }

  /** Where a tap lies in a channel of the input, from the field's corner, in pixels. */
  public int tapOffset(int row, int column) {
    return (row * width + column) * dilation;
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
