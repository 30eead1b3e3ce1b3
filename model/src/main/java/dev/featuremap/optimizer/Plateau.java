package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.List;

/**
 * Multiplies the learning rate by a factor whenever more than so many epochs in a row have not been
 * better than the best before, as PyTorch's {@code ReduceLROnPlateau}. Better is a loss below
 * {@code (1 - threshold) · best}, or an accuracy above {@code (1 + threshold) · best}. After a
 * reduction, the epochs of the cool-down do not count.
 *
 * <p>A function of what epochs have achieved, so that a resumed run goes on as an undisturbed one.
 *
 * @param metric what is watched
 * @param factor from 0 to below 1
 * @param patience epochs without progress that are let pass, at least 0
 * @param threshold the least progress that counts, as a share of the best, from 0 to below 1
 * @param cooldown epochs after a reduction, at least 0
 * @param least what the reductions together come to at most, from 0 to 1
 */
record Plateau(
    Metric metric, double factor, int patience, double threshold, int cooldown, double least)
    implements Schedule {

  /** What an epoch is judged by. */
  enum Metric {
    LOSS,
    ACCURACY
  }

  Plateau {
    NumberRule.BELOW_ONE.check("factor", factor);
    NumberRule.NOT_NEGATIVE.check("patience", patience);
    NumberRule.BELOW_ONE.check("threshold", threshold);
    NumberRule.NOT_NEGATIVE.check("cooldown", cooldown);
    NumberRule.SHARE.check("final-factor", least);
  }

  /**
   * Reads {@code metric}, {@code patience}, {@code threshold} and {@code cooldown}; the settings of
   * all schedules are read and checked whatever the type is.
   *
   * @param factor of one reduction, as it was read
   * @param chosen true if this is the schedule, whose factor must be below 1
   */
  static Plateau read(Options section, double factor, double least, boolean chosen) {
    Metric metric = section.choice("metric", Metric.class);
    int patience = section.integer("patience", 0, 1_000_000);
    double threshold = NumberRule.BELOW_ONE.read(section, "threshold");
    int cooldown = section.integer("cooldown", 0, 1_000_000);
    boolean falls = factor < 1;
    if (chosen && !falls) {
      section.problem(
          "Cannot use %s: a plateau must lower the rate, expected a number from 0 to below 1, got %s."
              .formatted(section.path("factor"), factor));
    }
    return new Plateau(metric, falls ? factor : 0.1, patience, threshold, cooldown, least);
  }

  @Override
  public double factor(double epoch) {
    return 1;
  }

  @Override
  public boolean watches() {
    return true;
  }

  @Override
  public double reduction(List<Outcome> outcomes) {
    double reduction = 1;
    double best = metric == Metric.LOSS ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    int waited = 0;
    int cooling = 0;
    for (Outcome outcome : outcomes) {
      if (isBetter(outcome, best)) {
        best = value(outcome);
        waited = 0;
      } else {
        waited++;
      }
      if (cooling > 0) {
        cooling--;
        waited = 0;
      }
      if (waited > patience) {
        reduction = Math.max(reduction * factor, least);
        cooling = cooldown;
        waited = 0;
      }
    }
    return reduction;
  }

  private double value(Outcome outcome) {
    return metric == Metric.LOSS ? outcome.loss() : outcome.accuracy();
  }

  private boolean isBetter(Outcome outcome, double best) {
    return metric == Metric.LOSS
        ? outcome.loss() < best * (1 - threshold)
        : outcome.accuracy() > best * (1 + threshold);
  }
}
