package dev.featuremap.optimizer;

/**
 * Raises the learning rate linearly from zero to another schedule's (gradual warm-up, Goyal et al.
 * 2017, section 2.2): {@code min(1, epoch / w)} times the other factor.
 *
 * <p>Goyal et al. start at the rate of one worker; here, as in optax, at zero. The other schedule
 * runs from epoch 0, so warm-up does not delay it.
 *
 * @param epochs w, above 0
 * @param schedule the schedule that is warmed up to
 */
public record WarmUp(double epochs, Schedule schedule) implements Schedule {

  /** Checks the range. */
  public WarmUp {
    NumberRule.POSITIVE.check("warmup-epochs", epochs);
  }

  @Override
  public double factor(double epoch) {
    return Math.min(1, epoch / epochs) * schedule.factor(epoch);
  }
}
