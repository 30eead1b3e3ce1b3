package dev.featuremap.train;

import java.util.Arrays;

/**
 * Adds up one slice of what workers return, in double and in worker order, so that neither the
 * order of arrival nor the place of the addition reaches the bits.
 */
public final class SliceSum {
  private final float[] start;
  private final int from;
  private final int gradients; // first values that are gradients, the others are averaged
  private final int measured;
  private final long images;
  private final double[] sums;
  private double workerSquares;

  /**
   * An empty sum.
   *
   * @param start the state that the round started from; not read where workers share gradients
   * @param parameters where its parameters end
   * @param images used by all workers together
   */
  public SliceSum(
      Round round, float[] start, int parameters, long images, Slices slices, int slice) {
    this.start = start;
    this.images = images;
    this.from = slices.from(slice);
    int to = slices.to(slice);
    int ofParameters = Math.max(0, Math.min(to, parameters) - from);
    this.gradients = round.sharesGradients() ? ofParameters : 0;
    this.measured = round.sharesGradients() ? 0 : ofParameters;
    this.sums = new double[to - from];
    // No number changes -0 when it is added; +0 would swallow the sign of -0.
    Arrays.fill(sums, -0.0);
  }

  /**
   * Adds the next worker.
   *
   * @param at where the slice starts in the vector of {@code result}: 0, or its place if the vector
   *     is whole
   */
  public void add(WorkerResult result, int at) {
    double weight = result.images() / (double) images;
    float[] vector = result.vector();
    for (int k = 0; k < gradients; k++) {
      sums[k] += vector[at + k];
    }
    for (int k = gradients; k < sums.length; k++) {
      sums[k] += weight * vector[at + k];
    }
    double squares = 0;
    for (int k = 0; k < measured; k++) {
      double moved = (double) vector[at + k] - start[from + k];
      squares += moved * moved;
    }
    workerSquares += weight * squares;
  }

  /** What has been added. */
  public JoinedSlice joined() {
    float[] values = new float[sums.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) sums[k];
    }
    double averageSquares = 0;
    for (int k = 0; k < measured; k++) {
      double moved = (double) values[k] - start[from + k];
      averageSquares += moved * moved;
    }
    return new JoinedSlice(from, values, workerSquares, averageSquares);
  }
}
