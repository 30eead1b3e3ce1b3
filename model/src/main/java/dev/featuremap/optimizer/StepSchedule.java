package dev.featuremap.optimizer;

/**
 * Multiplies the learning rate by a factor every few epochs: {@code γ^⌊epoch / k⌋}.
 *
 * @param stepEpochs k, above 0
 * @param factor γ, above 0
 */
public record StepSchedule(double stepEpochs, double factor) implements Schedule {

  /** Checks the ranges. */
  public StepSchedule {
    NumberRule.POSITIVE.check("step-epochs", stepEpochs);
    NumberRule.POSITIVE.check("factor", factor);
  }

  @Override
  public double factor(double epoch) {
    return StrictMath.pow(factor, Math.floor(epoch / stepEpochs));
  }
}
