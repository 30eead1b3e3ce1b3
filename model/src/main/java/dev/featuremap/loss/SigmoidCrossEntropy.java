package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.Optional;

/**
 * One sigmoid per class and the cross-entropy summed over the classes (Nielsen 2015, chapter 3,
 * equation 63):
 *
 * <pre>
 *   a[c] = 1 / (1 + exp(-z[c]))
 *   loss = -Σ y[c] · ln a[c] + (1 - y[c]) · ln(1 - a[c])
 *        = Σ max(z[c], 0) - z[c] · y[c] + ln(1 + exp(-|z[c]|))
 *   ∂loss/∂z[c] = a[c] - y[c]
 * </pre>
 *
 * <p>z: outputs, y: the {@linkplain TargetDistribution shares} to predict. The second form has no
 * exponential that can overflow and no logarithm of zero. PyTorch's {@code BCEWithLogitsLoss} takes
 * the mean over classes too, unless told to sum. With weights of classes, an image counts as much
 * as its class, or as the classes that are mixed in it.
 */
final class SigmoidCrossEntropy implements LossFunction {

  private final int classes;
  private final SigmoidLoss sigmoid;
  private final TargetDistribution distribution;
  private final float[] weights; // by class; null for none

  SigmoidCrossEntropy(int classes, Kernels kernels, double smoothing, Optional<float[]> weights) {
    this.weights = weights.orElse(null);
    this.classes = classes;
    this.sigmoid = new SigmoidLoss(classes, kernels);
    this.distribution = new TargetDistribution(classes, smoothing);
  }

  @Override
  public void evaluate(float[] outputs, Targets targets, float[] gradient, LossTally tally) {
    distribution.check(targets);
    for (int lane = 0; lane < targets.images(); lane++) {
      double target = distribution.weigh(outputs, targets, lane);
      double loss = sigmoid.withoutTarget(outputs, lane) - target;
      if (weights != null) {
        loss *= weight(targets, lane);
      }
      LossBlocks.tally(classes, outputs, lane, targets.classes()[lane], loss, tally);
    }
    if (gradient != null) {
      probabilities(outputs, gradient);
      distribution.subtractInPlace(gradient, targets);
      if (weights != null) {
        weigh(gradient, targets);
      }
    }
  }

  private void weigh(float[] gradient, Targets targets) {
    for (int lane = 0; lane < targets.images(); lane++) {
      float weight = weight(targets, lane);
      for (int at = lane; at < gradient.length; at += Lanes.COUNT) {
        gradient[at] *= weight;
      }
    }
  }

  /** What an image counts. */
  private float weight(Targets targets, int lane) {
    float share = targets.shares()[lane];
    return share * weights[targets.classes()[lane]] + (1 - share) * weights[targets.others()[lane]];
  }

  @Override
  public void probabilities(float[] outputs, float[] probabilities) {
    sigmoid.probabilities(outputs, probabilities);
  }
}
