package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;

/**
 * The negative log-likelihood of the label under the softmax of the outputs (Bridle 1990):
 *
 * <pre>
 *   p[c] = exp(z[c] - max z) / Σ exp(z[k] - max z)
 *   loss = max z + log Σ exp(z[k] - max z) - Σ y[k] · z[k]
 *   ∂loss/∂z[c] = p[c] - y[c]
 * </pre>
 *
 * <p>z: outputs, y: the {@linkplain TargetDistribution shares} to predict, which add up to 1. The
 * largest output is subtracted first, so no output is too large. The loss needs no probability and
 * stays finite where one rounds to zero.
 */
final class SoftmaxCrossEntropy implements LossFunction {
  private final int classes;
  private final Kernels kernels;
  private final TargetDistribution distribution;
  private final float[] probabilities;
  private final float[] largest = new float[Lanes.COUNT];
  private final float[] sums = new float[Lanes.COUNT];

  SoftmaxCrossEntropy(int classes, Kernels kernels, double smoothing) {
    this.classes = classes;
    this.kernels = kernels;
    this.distribution = new TargetDistribution(classes, smoothing);
    this.probabilities = new float[classes * Lanes.COUNT];
  }

  @Override
  public void evaluate(float[] outputs, Targets targets, float[] gradient, LossTally tally) {
    distribution.check(targets);
    float[] p = gradient == null ? probabilities : gradient;
    kernels.softmax(classes, outputs, p, largest, sums);
    for (int lane = 0; lane < targets.images(); lane++) {
      double target = distribution.weigh(outputs, targets, lane);
      double loss = largest[lane] - target + StrictMath.log(sums[lane]);
      LossBlocks.tally(classes, outputs, lane, targets.classes()[lane], loss, tally);
    }
    if (gradient != null) {
      distribution.subtractInPlace(gradient, targets);
    }
  }

  @Override
  public void probabilities(float[] outputs, float[] p) {
    kernels.softmax(classes, outputs, p, largest, sums);
  }
}
