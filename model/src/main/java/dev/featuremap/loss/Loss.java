package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;

/** What a network is trained to make small: an immutable description of a {@link LossFunction}. */
public interface Loss {

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  String name();

  /**
   * The working loss over that many outputs per image, with smoothed labels (Szegedy et al. 2016,
   * section 7): {@code smoothing} of each target is spread evenly over all classes.
   *
   * @param smoothing 0 to below 1
   */
  LossFunction over(int classes, Kernels kernels, double smoothing);
}
