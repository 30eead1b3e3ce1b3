package dev.featuremap.optimizer;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.Kernels;
import java.util.List;

/** {@link Adam} and {@link AdamW} at work; they differ in what weight decay acts on. */
final class AdamUpdate extends RangeUpdate {
  private final AdamMoments moments;
  private final double weightDecay;
  private final boolean decoupled;
  private final Kernels kernels;
  private final AdamStep numbers;
  private float parameterDecay;

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
    super(optimizer, layout, weightDecay == 0 ? List.of() : layout.decayed());
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
  void begin(float scale, double learningRate, long step) {
    numbers.begin(scale, moments.stepSize(learningRate, step), moments.secondCorrection(step));
    parameterDecay = (float) (-learningRate * weightDecay);
  }

  @Override
  void update(float[] state, float[] gradient, int from, int to, boolean decays) {
    float decay = decays ? (float) weightDecay : 0;
    numbers.decay(decoupled ? 0 : decay, decoupled && decays ? parameterDecay : 0);
    kernels.adam(numbers, state, gradient, from, to);
  }
}
