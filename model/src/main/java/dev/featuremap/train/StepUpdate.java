package dev.featuremap.train;

import dev.featuremap.optimizer.GradientClipping;
import dev.featuremap.optimizer.StateLayout;

/** One optimizer step from gradient sums: mean, clip, update. Workers and the driver share it. */
final class StepUpdate {
  private StepUpdate() {}

  /**
   * Updates {@code state} in place.
   *
   * @param gradient sums over {@code images} images; scaled and clipped in place
   */
  static void apply(
      TrainingSpec training,
      StateLayout layout,
      float[] state,
      float[] gradient,
      long images,
      Round round,
      int stepInEpoch) {
    float scale = 1f / images;
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] *= scale;
    }
    if (training.clipNorm() > 0) {
      GradientClipping.clipInPlace(gradient, gradient.length, training.clipNorm());
    }
    double rate = training.learningRate() * training.schedule().factor(round.epochAt(stepInEpoch));
    training.optimizer().update(state, layout, gradient, rate, round.updateNumber(stepInEpoch));
  }
}
