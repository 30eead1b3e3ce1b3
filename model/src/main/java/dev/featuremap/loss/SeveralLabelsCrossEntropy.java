package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;

/**
 * The cross-entropy of one sigmoid a class for images that have none, one or several labels each
 * (Nielsen 2015, chapter 3, equation 63):
 *
 * <pre>
 *   y[c] = (1 - ε) · (s · [c in first set] + (1 - s) · [c in second set]) + ε / 2
 *   loss = Σ max(z[c], 0) - z[c] · y[c] + ln(1 + exp(-|z[c]|))
 *   ∂loss/∂z[c] = 1 / (1 + exp(-z[c])) - y[c]
 * </pre>
 *
 * <p>z: outputs; s: the share of the first image where two are mixed, 1 elsewhere; ε: the
 * smoothing. PyTorch's {@code BCEWithLogitsLoss} takes the mean over classes too, unless told to
 * sum.
 */
final class SeveralLabelsCrossEntropy implements LossFunction {
  private static final int[] NONE = {};

  private final SigmoidLoss sigmoid;
  private final int classes;
  private final float sharp; // 1 - ε
  private final float spread; // ε / 2
  private final LabelSets sets;
  private final float[] shares; // y of the lane in hand

  SeveralLabelsCrossEntropy(int classes, Kernels kernels, double smoothing, LabelSets sets) {
    if (sets.classes() != classes) {
      throw new IllegalArgumentException(
          "Cannot compute a loss: expected sets of labels of %s classes, got %s."
              .formatted(classes, sets.classes()));
    }
    this.sigmoid = new SigmoidLoss(classes, kernels);
    this.classes = classes;
    this.sharp = (float) (1 - smoothing);
    this.spread = (float) (smoothing / 2);
    this.sets = sets;
    this.shares = new float[classes];
  }

  @Override
  public void evaluate(float[] outputs, Targets targets, float[] gradient, LossTally tally) {
    if (gradient != null) {
      sigmoid.probabilities(outputs, gradient);
      for (int c = 0; c < classes; c++) {
        int end = (c + 1) * Lanes.COUNT;
        Arrays.fill(gradient, end - Lanes.COUNT + targets.images(), end, 0);
      }
    }
    for (int lane = 0; lane < targets.images(); lane++) {
      fillShares(targets, lane);
      double target = 0;
      for (int c = 0; c < classes; c++) {
        target += shares[c] * (double) outputs[c * Lanes.COUNT + lane];
        if (gradient != null) {
          gradient[c * Lanes.COUNT + lane] -= shares[c];
        }
      }
      double loss = sigmoid.withoutTarget(outputs, lane) - target;
      tally.add(loss, !Double.isNaN(loss) && isRight(outputs, targets.classes()[lane], lane));
    }
  }

  private void fillShares(Targets targets, int lane) {
    Arrays.fill(shares, spread);
    float share = targets.shares()[lane];
    for (int label : sets.of(targets.classes()[lane])) {
      shares[label] += sharp * share;
    }
    for (int label : share < 1 ? sets.of(targets.others()[lane]) : NONE) {
      shares[label] += sharp * (1 - share);
    }
  }

  /** Whether the outputs from 0 up are those of the labels and no others. */
  private boolean isRight(float[] outputs, int set, int lane) {
    int[] labels = sets.of(set);
    int found = 0;
    for (int c = 0; c < classes; c++) {
      if (outputs[c * Lanes.COUNT + lane] >= 0) {
        if (found == labels.length || labels[found] != c) {
          return false;
        }
        found++;
      }
    }
    return found == labels.length;
  }

  @Override
  public void probabilities(float[] outputs, float[] probabilities) {
    sigmoid.probabilities(outputs, probabilities);
  }
}
