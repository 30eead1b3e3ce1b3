package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import java.util.Locale;

/** What a network is trained to make small. */
public enum Loss {
  /** The default of a network file. */
  SOFTMAX_CROSS_ENTROPY(SoftmaxCrossEntropy::new),
  SIGMOID_CROSS_ENTROPY(SigmoidCrossEntropy::new);

  private interface Maker {
    LossFunction over(int classes, Kernels kernels, double smoothing);
  }

  private final Maker maker;

  Loss(Maker maker) {
    this.maker = maker;
  }

  /**
   * The working loss over that many outputs per image, with smoothed labels (Szegedy et al. 2016,
   * section 7): {@code smoothing} of each target is spread evenly over all classes.
   *
   * @param smoothing 0 to below 1
   */
  public LossFunction over(int classes, Kernels kernels, double smoothing) {
    return maker.over(classes, kernels, smoothing);
  }

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
