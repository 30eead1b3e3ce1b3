package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.EPSILON;
import static dev.featuremap.optimizer.OptimizerSetting.MOMENTUM;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6e), with the mean of the gradients taken off where it
 * is centered (Graves 2013, section 4.2), as PyTorch writes it:
 *
 * <pre>
 *   g = gradient + λ · p          where weight decay applies
 *   v = α · v + (1 - α) · g²
 *   a = α · a + (1 - α) · g       where it is centered; else a = 0
 *   d = g / (√(v - a²) + ε)
 *   b = m · b + d                 with momentum
 *   p = p - η · b                 with momentum
 *   p = p - η · d                 without momentum
 * </pre>
 *
 * <p>p: parameters, η: {@code learningRate}; v is slot 0, then come b and a, each if it is used.
 * Workers' v and a may be averaged: the mean of squares is no less than the square of the mean, so
 * {@code v - a²} stays at least 0 but for rounding, which is cut off at 0. TensorFlow adds ε under
 * the root.
 *
 * @param alpha α, from 0 to below 1
 * @param epsilon ε, from 1e-30 to 1
 * @param momentum m, from 0 to below 1
 * @param centered true to divide by the deviation, false to divide by the root of the mean square
 * @param weightDecay λ, at least 0
 */
public record RmsProp(
    double alpha, double epsilon, double momentum, boolean centered, double weightDecay)
    implements Optimizer {
  private static final OptimizerSetting ALPHA = OptimizerSetting.of("alpha", NumberRule.BELOW_ONE);
  private static final OptimizerSetting CENTERED = OptimizerSetting.of("centered", NumberRule.FLAG);

  static final OptimizerType TYPE =
      new OptimizerType(
          "rmsprop",
          List.of(ALPHA, EPSILON, MOMENTUM, CENTERED, WEIGHT_DECAY),
          v ->
              new RmsProp(
                  v.of(ALPHA),
                  v.of(EPSILON),
                  v.of(MOMENTUM),
                  v.of(CENTERED) != 0,
                  v.of(WEIGHT_DECAY)));

  /** Checks the ranges. */
  public RmsProp {
    ALPHA.check(alpha);
    EPSILON.check(epsilon);
    MOMENTUM.check(momentum);
    WEIGHT_DECAY.check(weightDecay);
  }

  @Override
  public String name() {
    return TYPE.name();
  }

  @Override
  public int slots() {
    return meanSlot() + (centered ? 1 : 0);
  }

  private int meanSlot() {
    return momentum > 0 ? 2 : 1;
  }

  @Override
  public Update over(StateLayout layout, Kernels kernels) {
    return new Divided(this, layout);
  }

  private static final class Divided extends TiledUpdate {
    private final RmsProp rule;
    private float rate;

    Divided(RmsProp rule, StateLayout layout) {
      super(rule, layout, rule.weightDecay == 0 ? List.of() : layout.decayed());
      this.rule = rule;
    }

    @Override
    void begin(double learningRate, long step) {
      rate = (float) learningRate;
    }

    @Override
    void update(Tile tile, boolean decays) {
      float[] gradient = tile.gradient();
      float keep = (float) rule.alpha;
      float take = (float) (1 - rule.alpha);
      if (decays) {
        tile.addScaled(gradient, (float) rule.weightDecay, tile.parameters());
      }
      AdamMoments.averageSquares(tile.slot(0), keep, take, gradient, tile.length());
      if (rule.centered) {
        float[] mean = tile.slot(rule.meanSlot());
        AdamMoments.average(mean, keep, take, gradient, tile.length());
        divideByDeviation(gradient, tile.slot(0), mean, (float) rule.epsilon, tile.length());
      } else {
        divideByRoot(gradient, tile.slot(0), (float) rule.epsilon, tile.length());
      }
      if (rule.momentum > 0) {
        tile.scaleAndAdd(tile.slot(1), (float) rule.momentum, gradient);
        tile.addScaled(tile.parameters(), -rate, tile.slot(1));
      } else {
        tile.addScaled(tile.parameters(), -rate, gradient);
      }
    }

    private static void divideByRoot(float[] gradient, float[] square, float floor, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] /= (float) Math.sqrt(square[i]) + floor;
      }
    }

    private static void divideByDeviation(
        float[] gradient, float[] square, float[] mean, float floor, int length) {
      for (int i = 0; i < length; i++) {
        float variance = Math.max(0f, Fma.of(-mean[i], mean[i], square[i]));
        gradient[i] /= (float) Math.sqrt(variance) + floor;
      }
    }
  }
}
