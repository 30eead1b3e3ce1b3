package dev.featuremap.optimizer;

import java.util.List;

/** How the learning rate changes in the course of training. */
@FunctionalInterface
public interface Schedule {

  /**
   * What an epoch achieved on the images that it is judged by.
   *
   * @param loss mean over the images
   * @param accuracy share of the images classified correctly, 0 to 1
   */
  record Outcome(double loss, double accuracy) {}

  /**
   * The multiplier of the base learning rate.
   *
   * @param epoch the position in training, at least 0: whole epochs plus the part of the current
   *     epoch that is done
   */
  double factor(double epoch);

  /**
   * The same of a schedule that reaches its end with the last step, not after it.
   *
   * @param step length of a step in epochs
   */
  default double factor(double epoch, double step) {
    return factor(epoch);
  }

  /** True if the rate depends on what epochs have achieved. */
  default boolean watches() {
    return false;
  }

  /**
   * What multiplies the rate of the next epoch besides {@link #factor}.
   *
   * @param outcomes of all epochs so far
   */
  default double reduction(List<Outcome> outcomes) {
    return 1;
  }
}
