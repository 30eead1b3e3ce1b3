package dev.featuremap.train;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.optimizer.GradientClipping;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.optimizer.Update;

/** One optimizer step from gradient sums: mean, clip, update. Workers and the driver share it. */
final class StepUpdate {
  private final TrainingSpec training;
  private final int parameters;
  private final Team team;
  private final Update[] updates; // by thread
  private final Team.Task task = this::update;

  private float[] state;
  private float[] gradient;
  private float scale;
  private double rate;
  private long number;

  /** An update that the threads of {@code team} share. */
  StepUpdate(TrainingSpec training, StateLayout layout, Kernels kernels, Team team) {
    this.training = training;
    this.parameters = layout.parameters();
    this.team = team;
    updates = new Update[team.threads()];
    for (int k = 0; k < updates.length; k++) {
      updates[k] = training.optimizer().over(layout, kernels);
    }
  }

  /**
   * Updates {@code target} in place.
   *
   * @param gradientSum sums over {@code images} images; scaled and clipped in place where gradients
   *     are clipped
   */
  void apply(float[] target, float[] gradientSum, long images, Round round, int stepInEpoch) {
    state = target;
    gradient = gradientSum;
    scale = 1f / images;
    if (training.clipNorm() > 0 || training.clipValue() > 0) {
      scaleInPlace();
      clipInPlace();
    }
    rate = training.rate(round, stepInEpoch);
    number = training.updateNumber(round, stepInEpoch);
    if (parameters >= BatchExecutor.LARGE_NETWORK && updates[0].isDivisible()) {
      team.run(task);
    } else {
      update(0, 1);
    }
  }

  private void clipInPlace() {
    if (training.clipValue() > 0) {
      GradientClipping.clipValuesInPlace(gradient, parameters, training.clipValue());
    }
    if (training.clipNorm() > 0) {
      GradientClipping.clipInPlace(gradient, parameters, training.clipNorm());
    }
  }

  private void scaleInPlace() {
    for (int k = 0; k < parameters; k++) {
      gradient[k] *= scale;
    }
    scale = 1f;
  }

  private void update(int part, int parts) {
    int from = updates[part].start(parameters, part, parts);
    int to = updates[part].start(parameters, part + 1, parts);
    updates[part].apply(state, gradient, scale, rate, number, from, to);
  }
}
