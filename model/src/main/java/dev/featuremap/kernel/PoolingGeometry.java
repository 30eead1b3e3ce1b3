package dev.featuremap.kernel;

import dev.featuremap.tensor.Extent;

/**
 * The sizes of one pooling layer. Windows lie fully inside the input; rows and columns that no
 * window reaches are left out.
 *
 * @param channels feature maps
 * @param height input rows
 * @param width input columns
 * @param window rows and columns of the pooling window
 * @param stride its steps
 * @param dilation distances between neighbouring elements of the window, at least 1
 */
public record PoolingGeometry(
    int channels, int height, int width, Extent window, Extent stride, Extent dilation) {

  /** The sizes of a square window without gaps. */
  public PoolingGeometry(int channels, int height, int width, int window, int stride) {
    this(channels, height, width, Extent.square(window), Extent.square(stride), Extent.ONE);
  }

  /** Output rows: {@code (height - dilation · (window - 1) - 1) / stride + 1}. */
  public int outputHeight() {
    return (height - dilation.rows() * (window.rows() - 1) - 1) / stride.rows() + 1;
  }

  /** Output columns: {@code (width - dilation · (window - 1) - 1) / stride + 1}. */
  public int outputWidth() {
    return (width - dilation.columns() * (window.columns() - 1) - 1) / stride.columns() + 1;
  }

  /** Where a window's corner lies in the input, in pixels. */
  public int cornerOffset(int c, int y, int x) {
    return (c * height + y * stride.rows()) * width + x * stride.columns();
  }

  /** Distance of the window's {@code tap}-th element, by rows, from its corner, in pixels. */
  public int tapOffset(int tap) {
    return tap / window.columns() * dilation.rows() * width
        + tap % window.columns() * dilation.columns();
  }
}
