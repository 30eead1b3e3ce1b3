package dev.featuremap.kernel;

/**
 * Max-pooling and its gradient for one {@link PoolingGeometry}; ties and order do not matter to the
 * value, NaN wins over every number.
 *
 * <p>Immutable: threads may share it.
 */
public interface MaxPooling {

  /**
   * The largest value of each window.
   *
   * @param input {@code [channels, height, width, 16]}
   * @param output {@code [channels, outputHeight, outputWidth, 16]}, overwritten
   */
  void maxima(float[] input, float[] output);

  /**
   * Sends each output's gradient to the first element of its window, by rows, that equals the
   * maximum. Windows are visited in row-major order, and where they overlap gradients add up in
   * that order.
   *
   * @param inputGradient {@code [channels, height, width, 16]}, overwritten
   */
  void gradient(float[] input, float[] output, float[] outputGradient, float[] inputGradient);
}
