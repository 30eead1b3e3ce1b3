package dev.featuremap.train;

import java.util.List;

/**
 * What all workers together return from a round, put together from its slices.
 *
 * <p>Slices may arrive in any order; their squares add up in the order of the vector.
 */
public final class JoinedVector {
  private final Slices slices;
  private final float[] values;
  private final double[] workerSquares; // by slice
  private final double[] averageSquares; // by slice

  /** A vector without values yet. */
  public JoinedVector(Slices slices) {
    this.slices = slices;
    this.values = new float[slices.size()];
    this.workerSquares = new double[slices.count()];
    this.averageSquares = new double[slices.count()];
  }

  /**
   * Joins whole vectors on this machine, slice by slice as a cluster would.
   *
   * @param start the state the round started from
   * @param parameters where its parameters end
   * @param results one a worker, in worker order
   */
  public static JoinedVector of(
      Round round, float[] start, int parameters, List<WorkerResult> results) {
    Slices slices = Slices.of(results.get(0).vector().length, results.size());
    long images = RoundReduction.images(results);
    JoinedVector joined = new JoinedVector(slices);
    for (int slice = 0; slice < slices.count(); slice++) {
      SliceSum sum = new SliceSum(round, start, parameters, images, slices, slice);
      for (WorkerResult result : results) {
        sum.add(result, slices.from(slice));
      }
      joined.put(sum.joined());
    }
    return joined;
  }

  /** Copies a slice to its place. */
  public void put(JoinedSlice slice) {
    int index = slice.from() / slices.length();
    System.arraycopy(slice.values(), 0, values, slice.from(), slice.values().length);
    workerSquares[index] = slice.workerSquares();
    averageSquares[index] = slice.averageSquares();
  }

  /** The average of the workers' states, or the sum of their gradients; the array is live. */
  public float[] values() {
    return values;
  }

  /**
   * How far the workers have drifted apart: their distance from their average (root of the mean
   * square, weighted by images), as a multiple of the way that the average went.
   *
   * <pre>
   *   √(Σ pᵢ ‖θᵢ - θ̄‖²) / ‖θ̄ - θ₀‖  =  √(Σ pᵢ ‖θᵢ - θ₀‖² / ‖θ̄ - θ₀‖² - 1)
   * </pre>
   *
   * <p>θ₀: parameters before the round, θᵢ: of worker i after it, pᵢ: its share of the images, θ̄:
   * their average. Workers that agree have 0; W workers that go W unrelated ways of equal length
   * have √(W - 1). 0 where workers share gradients, and where nothing moved.
   */
  public double drift() {
    double workers = sum(workerSquares);
    double average = sum(averageSquares);
    return average == 0 ? 0 : Math.sqrt(Math.max(0, workers / average - 1));
  }

  private static double sum(double[] terms) {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum;
  }
}
