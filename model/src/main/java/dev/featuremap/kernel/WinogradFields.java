package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;

/**
 * The one-dimensional transforms of weights and of their gradients, for 16 fields at a time: values
 * are rows of 16 floats, {@code step} apart in one array and {@code toStep} apart in the other.
 */
public interface WinogradFields {
  /** Fields transformed together. */
  int COUNT = Lanes.COUNT;

  /** Three weights to {@code span} points, as {@link Winograd} states. */
  void weightsToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep);

  /** {@code span} sums to three weights, as {@link WinogradWeightGradient} states. */
  void pointsToWeights(float[] from, int at, int step, float[] to, int toAt, int toStep);
}
