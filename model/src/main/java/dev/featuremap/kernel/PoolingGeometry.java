package dev.featuremap.kernel;

/**
 * The sizes of one pooling layer. Windows lie fully inside the input; rows and columns that no
 * window reaches are left out.
 *
 * @param channels feature maps
 * @param height input rows
 * @param width input columns
 * @param window rows and columns of the pooling window
 * @param stride step of the window
 */
public record PoolingGeometry(int channels, int height, int width, int window, int stride) {

  /** Output rows: {@code (height - window) / stride + 1}. */
  public int outputHeight() {
    return (height - window) / stride + 1;
  }

  /** Output columns: {@code (width - window) / stride + 1}. */
  public int outputWidth() {
    return (width - window) / stride + 1;
  }
}
