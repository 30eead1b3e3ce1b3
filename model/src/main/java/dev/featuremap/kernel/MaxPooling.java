package dev.featuremap.kernel;

/**
 * Max-pooling and its gradient for one {@link PoolingGeometry}: the maximum of each window and of a
 * floor, which is 0 where a rectifier follows and -∞ elsewhere. Ties and order do not matter to the
 * value, NaN wins over every number.
 *
 * <p>Immutable: threads may share it.
 */
public interface MaxPooling {

  /**
   * The largest value of each window, and which element of the window it is: the first one, counted
   * by rows from 0, that equals it, or -1 where it is the floor or NaN.
   *
   * @param input {@code [channels, height, width, 16]}
   * @param output {@code [channels, outputHeight, outputWidth, 16]}, overwritten
   * @param winners like {@code output}, overwritten; null when no gradient follows
   */
  void maxima(float[] input, float[] output, float[] winners);

  /**
   * Sends each output's gradient to its winner, if it has one. Windows are visited in row-major
   * order, and where they overlap gradients add up in that order.
   *
   * @param winners what {@link #maxima} wrote
   * @param inputGradient {@code [channels, height, width, 16]}, overwritten
   */
  void gradient(float[] winners, float[] outputGradient, float[] inputGradient);
}
