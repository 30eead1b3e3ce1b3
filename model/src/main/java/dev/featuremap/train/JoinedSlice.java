package dev.featuremap.train;

import java.io.Serializable;

/**
 * One slice of what all workers together return from a round: the average of their states, or the
 * sum of their gradients.
 *
 * <p>A plain class of primitive fields, since it travels from executors to the driver.
 */
public final class JoinedSlice implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int from;
  private final float[] values;
  private final double workerSquares;
  private final double averageSquares;

  /**
   * Takes the values as they are.
   *
   * @param from where the slice starts in the vector
   * @param workerSquares squared distances of the workers from where they started, averaged with
   *     their weights
   * @param averageSquares squared distance of the average from there
   */
  JoinedSlice(int from, float[] values, double workerSquares, double averageSquares) {
    this.from = from;
    this.values = values;
    this.workerSquares = workerSquares;
    this.averageSquares = averageSquares;
  }

  int from() {
    return from;
  }

  float[] values() {
    return values;
  }

  double workerSquares() {
    return workerSquares;
  }

  double averageSquares() {
    return averageSquares;
  }
}
