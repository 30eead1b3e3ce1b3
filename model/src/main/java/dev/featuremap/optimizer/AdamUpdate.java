package dev.featuremap.optimizer;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.Kernels;

/** {@link Adam} and {@link AdamW} at work; they differ in what weight decay acts on. */
final class AdamUpdate implements Update {
  private final Optimizer optimizer;
  private final StateLayout layout;
  private final AdamMoments moments;
  private final double weightDecay;
  private final boolean decoupled;
  private final Kernels kernels;
  private final AdamStep numbers;

  /**
   * An update.
   *
   * @param decoupled true when weight decay shrinks the parameters, false when it is added to the
   *     gradient
   */
  AdamUpdate(
      Optimizer optimizer,
      StateLayout layout,
      AdamMoments moments,
      double weightDecay,
      boolean decoupled,
      Kernels kernels) {
    this.optimizer = optimizer;
    this.layout = layout;
    this.moments = moments;
    this.weightDecay = weightDecay;
    this.decoupled = decoupled;
    this.kernels = kernels;
    this.numbers =
        new AdamStep(
            layout.slotAt(0),
            layout.slotAt(1),
            moments.beta1(),
            moments.beta2(),
            moments.epsilon());
  }

  @Override
  public void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to) {
    layout.check(optimizer, state, gradient, step);
    numbers.begin(scale, moments.stepSize(learningRate, step), moments.secondCorrection(step));
    int at = from;
    for (int r = 0; weightDecay > 0 && r < layout.decayed().size(); r++) {
      StateLayout.Range range = layout.decayed().get(r);
      int start = Math.max(range.from(), from);
      int end = Math.min(range.to(), to);
      if (start < end) {
        withoutDecay(state, gradient, at, start);
        withDecay(state, gradient, learningRate, start, end);
        at = end;
      }
    }
    withoutDecay(state, gradient, at, to);
  }

  private void withoutDecay(float[] state, float[] gradient, int from, int to) {
    numbers.decay(0, 0);
    kernels.adam(numbers, state, gradient, from, to);
  }

  private void withDecay(float[] state, float[] gradient, double learningRate, int from, int to) {
    if (decoupled) {
      numbers.decay(0, (float) (-learningRate * weightDecay));
    } else {
      numbers.decay((float) weightDecay, 0);
    }
    kernels.adam(numbers, state, gradient, from, to);
  }
}
