package dev.featuremap.optimizer;

/** How the learning rate changes in the course of training. */
@FunctionalInterface
public interface Schedule {

  /**
   * The multiplier of the base learning rate.
   *
   * @param epoch the position in training, at least 0: whole epochs plus the part of the current
   *     epoch that is done
   */
  double factor(double epoch);
}
