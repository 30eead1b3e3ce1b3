package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;

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
  public LossFunction over(int classes, Kernels kernels) {
    return new Softmax(classes, kernels);
  }

  private static final class Softmax implements LossFunction {
    private final int classes;
    private final Kernels kernels;
    private final float[] probabilities;
    private final float[] largest = new float[Lanes.COUNT];
    private final float[] sums = new float[Lanes.COUNT];

    Softmax(int classes, Kernels kernels) {
      this.classes = classes;
      this.kernels = kernels;
      this.probabilities = new float[classes * Lanes.COUNT];
    }

    @Override
    public void evaluate(
        float[] outputs, int[] labels, int images, float[] gradient, LossTally tally) {
      LossBlocks.check(classes, labels, images);
      float[] p = gradient == null ? probabilities : gradient;
      kernels.softmax(classes, outputs, p, largest, sums);
      for (int lane = 0; lane < images; lane++) {
        double target = outputs[labels[lane] * Lanes.COUNT + lane];
        double loss = largest[lane] - target + StrictMath.log(sums[lane]);
        LossBlocks.tally(classes, outputs, lane, labels[lane], loss, tally);
      }
      if (gradient != null) {
        LossBlocks.subtractTargetsInPlace(classes, gradient, labels, images);
      }
    }

    @Override
    public void probabilities(float[] outputs, float[] p) {
      kernels.softmax(classes, outputs, p, largest, sums);
    }
  }
}
