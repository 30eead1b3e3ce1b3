package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import java.util.Locale;

/** What a network is trained to make small. */
public enum Loss {
  /** The default of a network file. */
  SOFTMAX_CROSS_ENTROPY,
  SIGMOID_CROSS_ENTROPY;

  /**
   * The working loss over that many outputs per image, with smoothed labels (Szegedy et al. 2016,
   * section 7): {@code smoothing} of each target is spread evenly over all classes.
   *
   * @param smoothing 0 to below 1
   */
  public LossFunction over(int classes, Kernels kernels, double smoothing) {
    return switch (this) {
      case SOFTMAX_CROSS_ENTROPY -> new SoftmaxCrossEntropy(classes, kernels, smoothing);
      case SIGMOID_CROSS_ENTROPY -> new SigmoidCrossEntropy(classes, kernels, smoothing);
    };
  }

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
