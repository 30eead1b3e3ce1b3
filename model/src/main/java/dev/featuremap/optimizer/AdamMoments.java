package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.BETA1;
import static dev.featuremap.optimizer.OptimizerSetting.BETA2;
import static dev.featuremap.optimizer.OptimizerSetting.EPSILON;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Fma;
import java.util.List;

/**
 * The running moments that optimizers of {@link Adam}'s kind share: the mean of the gradients in
 * slot 0 and of their squares in slot 1.
 *
 * @param beta1 decay rate of the first moment, from 0 to below 1
 * @param beta2 decay rate of the second moment, from 0 to below 1
 * @param epsilon added to the root of the second moment
 */
record AdamMoments(double beta1, double beta2, double epsilon) {
  static final int SLOTS = 2;

  /** Makes an optimizer that learns by these moments. */
  interface Make {
    Optimizer of(double beta1, double beta2, double epsilon, double weightDecay);
  }

  static OptimizerType type(String name, Make make) {
    return new OptimizerType(
        name,
        List.of(BETA1, BETA2, EPSILON, WEIGHT_DECAY),
        v -> make.of(v.of(BETA1), v.of(BETA2), v.of(EPSILON), v.of(WEIGHT_DECAY)));
  }

  static void check(double beta1, double beta2, double epsilon, double weightDecay) {
    WEIGHT_DECAY.check(weightDecay);
    BETA1.check(beta1);
    BETA2.check(beta2);
    EPSILON.check(epsilon);
  }

  /** {@code α / (1 - β₁ᵗ)}. */
  float stepSize(double learningRate, long step) {
    return (float) (learningRate / (1 - StrictMath.pow(beta1, (double) step)));
  }

  /** {@code 1 / (1 - β₂ᵗ)}. */
  float secondCorrection(long step) {
    return (float) (1 / (1 - StrictMath.pow(beta2, (double) step)));
  }

  /** Updates both moments with the tile's gradient. */
  void learn(Tile tile) {
    float[] gradient = tile.gradient();
    average(tile.slot(0), (float) beta1, (float) (1 - beta1), gradient, tile.length());
    averageSquares(tile.slot(1), (float) beta2, (float) (1 - beta2), gradient, tile.length());
  }

  /** Puts {@code m · firstCorrection / (√(v · secondCorrection) + ε)} into {@code target}. */
  void directionInto(float[] target, Tile tile, float firstCorrection, float secondCorrection) {
    float[] first = tile.slot(0);
    float[] second = tile.slot(1);
    float floor = (float) epsilon;
    for (int i = 0; i < tile.length(); i++) {
      float root = (float) Math.sqrt(second[i] * secondCorrection);
      target[i] = firstCorrection * first[i] / (root + floor);
    }
  }

  /** {@code first = keep · first + take · gradient}. */
  static void average(float[] first, float keep, float take, float[] gradient, int length) {
    for (int i = 0; i < length; i++) {
      first[i] = Fma.of(keep, first[i], take * gradient[i]);
    }
  }

  /** {@code second = keep · second + take · gradient²}. */
  static void averageSquares(float[] second, float keep, float take, float[] gradient, int length) {
    for (int i = 0; i < length; i++) {
      second[i] = Fma.of(keep, second[i], take * gradient[i] * gradient[i]);
    }
  }
}
