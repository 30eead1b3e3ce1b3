package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import java.util.Locale;

/** What a network is trained to make small. */
public enum Loss {
  /** The default of a network file. */
  SOFTMAX_CROSS_ENTROPY,
  SIGMOID_CROSS_ENTROPY;

  /** The working loss over that many outputs per image, by which a network is evaluated. */
  public LossFunction over(int classes, Kernels kernels) {
    return over(classes, kernels, TrainingLoss.PLAIN);
  }

  /**
   * The working loss over that many outputs per image, as training wants it: with smoothed labels
   * (Szegedy et al. 2016, section 7), of which a share is spread evenly over all classes, with
   * weights of classes, or focal.
   */
  public LossFunction over(int classes, Kernels kernels, TrainingLoss training) {
    boolean plain = training.classWeights().isEmpty() && training.gamma() == 0;
    return switch (this) {
      case SOFTMAX_CROSS_ENTROPY ->
          plain
              ? new SoftmaxCrossEntropy(classes, kernels, training.smoothing())
              : new WeightedCrossEntropy(classes, kernels, training);
      case SIGMOID_CROSS_ENTROPY ->
          training.sets() != null
              ? new SeveralLabelsCrossEntropy(
                  classes, kernels, training.smoothing(), training.sets())
              : new SigmoidCrossEntropy(
                  classes, kernels, training.smoothing(), training.classWeights());
    };
  }

  /** Whether it judges each class by itself, so that images may have several labels. */
  public boolean takesSeveralLabels() {
    return this == SIGMOID_CROSS_ENTROPY;
  }

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
