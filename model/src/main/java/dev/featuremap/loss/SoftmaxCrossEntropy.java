package dev.featuremap.loss;

import dev.featuremap.kernel.FloatMath;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The negative log-likelihood of the label under the softmax of the outputs (Bridle 1990):
 *
 * <pre>
 *   p[c] = exp(z[c] - max z) / Σ exp(z[k] - max z)
 *   loss = max z + log Σ exp(z[k] - max z) - z[label]
 *   ∂loss/∂z[c] = p[c] - y[c]
 * </pre>
 *
 * <p>z: outputs, y: 1 for the label and 0 elsewhere. The largest output is subtracted first, so no
 * output is too large. The loss needs no probability and stays finite where one rounds to zero.
 */
final class SoftmaxCrossEntropy implements Loss {

  @Override
  public String name() {
    return "softmax-cross-entropy";
  }

  @Override
  public void evaluate(
      int classes, float[] outputs, int[] labels, int images, float[] gradient, LossTally tally) {
    LossBlocks.check(classes, labels, images);
    float[] largest = largest(classes, outputs);
    double[] sums = exponentialSums(classes, outputs, largest);
    for (int lane = 0; lane < images; lane++) {
      double target = outputs[labels[lane] * Lanes.COUNT + lane];
      double loss = largest[lane] - target + StrictMath.log(sums[lane]);
      LossBlocks.tally(classes, outputs, lane, labels[lane], loss, tally);
    }
    if (gradient != null) {
      softmax(classes, outputs, largest, sums, gradient);
      LossBlocks.subtractTargetsInPlace(classes, gradient, labels, images);
    }
  }

  @Override
  public void probabilities(int classes, float[] outputs, float[] probabilities) {
    float[] largest = largest(classes, outputs);
    softmax(classes, outputs, largest, exponentialSums(classes, outputs, largest), probabilities);
  }

  private static float[] largest(int classes, float[] outputs) {
    float[] largest = Arrays.copyOf(outputs, Lanes.COUNT);
    for (int at = Lanes.COUNT; at < classes * Lanes.COUNT; at += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        largest[lane] = Math.max(largest[lane], outputs[at + lane]);
      }
    }
    return largest;
  }

  private static double[] exponentialSums(int classes, float[] outputs, float[] largest) {
    double[] sums = new double[Lanes.COUNT];
    for (int at = 0; at < classes * Lanes.COUNT; at += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        sums[lane] += FloatMath.exp(outputs[at + lane] - largest[lane]);
      }
    }
    return sums;
  }

  private static void softmax(
      int classes, float[] outputs, float[] largest, double[] sums, float[] probabilities) {
    for (int at = 0; at < classes * Lanes.COUNT; at += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        probabilities[at + lane] =
            FloatMath.exp(outputs[at + lane] - largest[lane]) / (float) sums[lane];
      }
    }
  }
}
