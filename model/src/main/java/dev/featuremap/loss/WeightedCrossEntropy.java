package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;

/**
 * The softmax cross-entropy with class weights, focal or not (Lin et al. 2017, "Focal Loss for
 * Dense Object Detection", equation 5):
 *
 * <pre>
 *   p[c] = softmax(z)[c]
 *   loss = -Σ w[c] · y[c] · (1 - p[c])^γ · ln p[c]
 *   g[c] = w[c] · y[c] · (γ · p[c] · (1 - p[c])^(γ-1) · ln p[c] - (1 - p[c])^γ)
 *   ∂loss/∂z[k] = g[k] - p[k] · Σ g[c]
 * </pre>
 *
 * <p>z: outputs, y: the {@linkplain TargetDistribution shares} to predict, w: weights of classes,
 * γ: how little images count that are nearly right, 0 for not at all. With γ = 0 this is PyTorch's
 * {@code cross_entropy(weight, label_smoothing)}, summed.
 */
final class WeightedCrossEntropy implements LossFunction {
  private final int classes;
  private final Kernels kernels;
  private final TargetDistribution distribution;
  private final float[] weights;
  private final double gamma;
  private final float[] probabilities;
  private final float[] largest = new float[Lanes.COUNT];
  private final float[] sums = new float[Lanes.COUNT];
  private final float[] gains = new float[Lanes.COUNT]; // -Σ g[c] by lane
  private final double[] shares; // y of the lane in hand
  private final float[] own; // -g[c], [classes, 16]

  WeightedCrossEntropy(int classes, Kernels kernels, TrainingLoss training) {
    this.classes = classes;
    this.kernels = kernels;
    this.distribution = new TargetDistribution(classes, training.smoothing());
    this.weights = training.classWeights().orElseGet(() -> ones(classes));
    this.gamma = training.gamma();
    this.probabilities = new float[classes * Lanes.COUNT];
    this.shares = new double[classes];
    this.own = new float[classes * Lanes.COUNT];
  }

  private static float[] ones(int classes) {
    float[] ones = new float[classes];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Override
  public void evaluate(float[] outputs, Targets targets, float[] gradient, LossTally tally) {
    distribution.check(targets);
    float[] p = gradient == null ? probabilities : gradient;
    kernels.softmax(classes, outputs, p, largest, sums);
    for (int lane = 0; lane < targets.images(); lane++) {
      distribution.sharesInto(targets, lane, shares);
      double loss = image(outputs, lane);
      LossBlocks.tally(classes, outputs, lane, targets.classes()[lane], loss, tally);
    }
    if (gradient != null) {
      Arrays.fill(gains, targets.images(), Lanes.COUNT, 0);
      fillGradient(gradient, targets.images());
    }
  }

  /** The loss of a lane; leaves {@code -g} of its classes and their sum. */
  private double image(float[] outputs, int lane) {
    double logSum = largest[lane] + StrictMath.log(sums[lane]);
    double loss = 0;
    double gain = 0;
    for (int c = 0; c < classes; c++) {
      int at = c * Lanes.COUNT + lane;
      double weight = weights[c] * shares[c];
      if (weight == 0) {
        own[at] = 0;
        continue;
      }
      double log = outputs[at] - logSum; // ln p, which rounding may lift above 0
      if (gamma == 0) {
        own[at] = (float) weight;
        loss -= weight * log;
        gain += weight;
      } else {
        double rest = -StrictMath.expm1(Math.min(log, 0)); // 1 - p
        double factor = StrictMath.pow(rest, gamma);
        double slope = rest > 0 ? gamma * (1 - rest) * factor / rest * log : 0;
        own[at] = (float) (weight * (factor - slope));
        loss -= weight * factor * log;
        gain += weight * (factor - slope);
      }
    }
    gains[lane] = (float) gain;
    return loss;
  }

  private void fillGradient(float[] gradient, int images) {
    for (int c = 0; c < classes; c++) {
      int from = c * Lanes.COUNT;
      for (int lane = 0; lane < images; lane++) {
        gradient[from + lane] = gradient[from + lane] * gains[lane] - own[from + lane];
      }
      Arrays.fill(gradient, from + images, from + Lanes.COUNT, 0);
    }
  }

  @Override
  public void probabilities(float[] outputs, float[] p) {
    kernels.softmax(classes, outputs, p, largest, sums);
  }
}
