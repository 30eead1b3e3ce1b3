package dev.featuremap.train;

import dev.featuremap.optimizer.StateLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Joins the results of a round, always in worker order and in double, so that arrival order never
 * reaches the bits.
 */
public final class RoundReduction {
  private RoundReduction() {}

  /**
   * The state after a round.
   *
   * @param state the state the round started from, not changed
   * @param results one a worker, in worker order
   */
  public static float[] nextState(
      TrainingSpec training,
      StateLayout layout,
      float[] state,
      List<WorkerResult> results,
      Round round) {
    if (!round.sharesGradients()) {
      float[] average = average(results);
      if (round.restartsOptimizer()) {
        Arrays.fill(average, layout.parameters(), layout.buffersAt(), 0f);
      }
      return average;
    }
    float[] next = state.clone();
    float[] gradient = gradientSum(layout.parameters(), results);
    float[] buffers = average(layout.parameters(), layout.buffers(), results);
    new StepUpdate(training, layout, Team.alone())
        .apply(next, gradient, images(results), round, round.firstStep());
    System.arraycopy(buffers, 0, next, layout.buffersAt(), layout.buffers());
    return next;
  }

  /** The average of the workers' states, weighted by the images each has seen. */
  static float[] average(List<WorkerResult> results) {
    return average(0, results.get(0).vector().length, results);
  }

  private static float[] average(int from, int size, List<WorkerResult> results) {
    double total = images(results);
    double[] sums = emptySums(size);
    for (WorkerResult result : results) {
      double weight = result.images() / total;
      float[] vector = result.vector();
      for (int k = 0; k < size; k++) {
        sums[k] += weight * vector[from + k];
      }
    }
    return toFloats(sums);
  }

  private static float[] gradientSum(int parameters, List<WorkerResult> results) {
    double[] sums = emptySums(parameters);
    for (WorkerResult result : results) {
      float[] vector = result.vector();
      for (int k = 0; k < parameters; k++) {
        sums[k] += vector[k];
      }
    }
    return toFloats(sums);
  }

  /** Sums start at -0, which no number changes when added to; +0 would swallow the sign of -0. */
  private static double[] emptySums(int size) {
    double[] sums = new double[size];
    Arrays.fill(sums, -0.0);
    return sums;
  }

  private static float[] toFloats(double[] sums) {
    float[] values = new float[sums.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) sums[k];
    }
    return values;
  }

  /**
   * How far the workers have drifted apart: the mean L2 distance of their parameters from the
   * average's. Zero for gradients, which are not parameters.
   */
  public static double drift(
      StateLayout layout, float[] average, List<WorkerResult> results, Round round) {
    if (round.sharesGradients()) {
      return 0;
    }
    double sum = 0;
    for (WorkerResult result : results) {
      double square = 0;
      for (int k = 0; k < layout.parameters(); k++) {
        double difference = (double) result.vector()[k] - average[k];
        square += difference * difference;
      }
      sum += Math.sqrt(square);
    }
    return sum / results.size();
  }

  /** Images used by all workers. */
  public static long images(List<WorkerResult> results) {
    return results.stream().mapToLong(WorkerResult::images).sum();
  }
}
