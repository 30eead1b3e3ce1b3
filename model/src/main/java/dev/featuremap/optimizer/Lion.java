package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.BETA1;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import java.util.List;

/**
 * Lion, whose steps are signs (Chen et al. 2023, "Symbolic discovery of optimization algorithms",
 * algorithm 2):
 *
 * <pre>
 *   p = p - η · λ · p             where weight decay applies
 *   p = p - η · sign(β₁ · m + (1 - β₁) · g)
 *   m = β₂ · m + (1 - β₂) · g
 * </pre>
 *
 * <p>p: parameters, g: {@code gradient}, η: {@code learningRate}, m: slot 0; the sign of 0 is 0.
 * All parameters take steps of one size, so the paper uses a learning rate 3 to 10 times smaller
 * than AdamW's, and a weight decay as many times larger.
 *
 * @param beta1 β₁, from 0 to below 1
 * @param beta2 β₂, from 0 to below 1; 0.99 unless it is set
 * @param weightDecay λ, at least 0
 */
public record Lion(double beta1, double beta2, double weightDecay) implements Optimizer {
  private static final OptimizerSetting BETA2 = OptimizerSetting.BETA2.withDefault(0.99);

  static final OptimizerType TYPE =
      new OptimizerType(
          "lion",
          List.of(BETA1, BETA2, WEIGHT_DECAY),
          v -> new Lion(v.of(BETA1), v.of(BETA2), v.of(WEIGHT_DECAY)));

  /** Checks the ranges. */
  public Lion {
    BETA1.check(beta1);
    BETA2.check(beta2);
    WEIGHT_DECAY.check(weightDecay);
  }

  @Override
  public String name() {
    return TYPE.name();
  }

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public Update over(StateLayout layout, Kernels kernels) {
    return new Signed(this, layout);
  }

  private static final class Signed extends TiledUpdate {
    private final Lion lion;
    private float rate;
    private float parameterDecay;

    Signed(Lion lion, StateLayout layout) {
      super(lion, layout, lion.weightDecay == 0 ? List.of() : layout.decayed());
      this.lion = lion;
    }

    @Override
    void begin(double learningRate, long step) {
      rate = (float) learningRate;
      parameterDecay = (float) (-learningRate * lion.weightDecay);
    }

    @Override
    void update(Tile tile, boolean decays) {
      float[] parameters = tile.parameters();
      float[] mean = tile.slot(0);
      float[] gradient = tile.gradient();
      if (decays) {
        tile.addScaled(parameters, parameterDecay, parameters);
      }
      step(parameters, mean, gradient, tile.length());
      AdamMoments.average(
          mean, (float) lion.beta2, (float) (1 - lion.beta2), gradient, tile.length());
    }

    private void step(float[] parameters, float[] mean, float[] gradient, int length) {
      float keep = (float) lion.beta1;
      float take = (float) (1 - lion.beta1);
      for (int i = 0; i < length; i++) {
        float direction = Math.signum(Fma.of(keep, mean[i], take * gradient[i]));
        parameters[i] = Fma.of(-rate, direction, parameters[i]);
      }
    }
  }
}
