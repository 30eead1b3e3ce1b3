package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.BETA1;
import static dev.featuremap.optimizer.OptimizerSetting.BETA2;
import static dev.featuremap.optimizer.OptimizerSetting.EPSILON;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import java.util.List;

/**
 * Adam with Nesterov's momentum, which grows (Dozat 2016, "Incorporating Nesterov momentum into
 * Adam", algorithm 2), as PyTorch writes it:
 *
 * <pre>
 *   g  = gradient + λ · θ         where weight decay applies
 *   μₜ = β₁ · (1 - ½ · 0.96^(t · ψ))
 *   m  = β₁ · m + (1 - β₁) · g
 *   v  = β₂ · v + (1 - β₂) · g²
 *   r  = √(v / (1 - β₂ᵗ)) + ε
 *   θ  = θ - α · ((1 - μₜ) / (1 - Πₜ) · g / r + μₜ₊₁ / (1 - Πₜ₊₁) · m / r)
 * </pre>
 *
 * <p>θ: parameters, α: {@code learningRate}, t: {@code step}, Πₜ = μ₁ · … · μₜ, m: slot 0, v: slot
 * 1. Weight decay is L2 regularization in the gradient, as in PyTorch unless it is decoupled there.
 *
 * @param beta1 β₁, from 0 to below 1
 * @param beta2 β₂, from 0 to below 1
 * @param epsilon ε, from 1e-30 to 1
 * @param momentumDecay ψ, at least 0
 * @param weightDecay λ, at least 0
 */
public record NAdam(
    double beta1, double beta2, double epsilon, double momentumDecay, double weightDecay)
    implements Optimizer {
  private static final OptimizerSetting MOMENTUM_DECAY =
      OptimizerSetting.of("momentum-decay", NumberRule.NOT_NEGATIVE);

  /** Below this a product of momenta takes nothing from 1, even with all that follow. */
  private static final double VANISHED = 0x1p-60;

  private static final double LOG_GROWTH = StrictMath.log(0.96);

  static final OptimizerType TYPE =
      new OptimizerType(
          "nadam",
          List.of(BETA1, BETA2, EPSILON, MOMENTUM_DECAY, WEIGHT_DECAY),
          v ->
              new NAdam(
                  v.of(BETA1),
                  v.of(BETA2),
                  v.of(EPSILON),
                  v.of(MOMENTUM_DECAY),
                  v.of(WEIGHT_DECAY)));

  /** Checks the ranges. */
  public NAdam {
    AdamMoments.check(beta1, beta2, epsilon, weightDecay);
    MOMENTUM_DECAY.check(momentumDecay);
  }

  @Override
  public String name() {
    return TYPE.name();
  }

  @Override
  public int slots() {
    return AdamMoments.SLOTS;
  }

  @Override
  public Update over(StateLayout layout, Kernels kernels) {
    return new Ahead(this, layout);
  }

  /** A power by its logarithm: JDK 17 allocates in {@code StrictMath.pow}. */
  private double momentum(long step) {
    return beta1 * (1 - 0.5 * StrictMath.exp(step * momentumDecay * LOG_GROWTH));
  }

  private static final class Ahead extends TiledUpdate {
    private final NAdam nadam;
    private final AdamMoments moments;
    // The product is a function of the step; it is kept so that the next step need not begin at 1.
    private double product = 1;
    private long productSteps;
    private float gradientStep;
    private float meanStep;
    private float secondCorrection;

    Ahead(NAdam nadam, StateLayout layout) {
      super(nadam, layout, nadam.weightDecay == 0 ? List.of() : layout.decayed());
      this.nadam = nadam;
      this.moments = new AdamMoments(nadam.beta1, nadam.beta2, nadam.epsilon);
    }

    @Override
    void begin(double learningRate, long step) {
      advanceTo(step);
      double now = nadam.momentum(step);
      double next = nadam.momentum(step + 1);
      gradientStep = (float) (-learningRate * (1 - now) / (1 - product));
      meanStep = (float) (-learningRate * next / (1 - product * next));
      secondCorrection = moments.secondCorrection(step);
    }

    private void advanceTo(long step) {
      if (step < productSteps) {
        product = 1;
        productSteps = 0;
      }
      while (productSteps < step && product > VANISHED) {
        productSteps++;
        product *= nadam.momentum(productSteps);
      }
    }

    @Override
    void update(Tile tile, boolean decays) {
      if (decays) {
        tile.addScaled(tile.gradient(), (float) nadam.weightDecay, tile.parameters());
      }
      moments.learn(tile);
      turn(tile.gradient(), tile.slot(0), tile.slot(1), tile.length());
      tile.addScaled(tile.parameters(), 1, tile.gradient());
    }

    /** Puts the step in place of the gradient. */
    private void turn(float[] gradient, float[] mean, float[] square, int length) {
      float floor = (float) nadam.epsilon;
      for (int i = 0; i < length; i++) {
        float root = (float) Math.sqrt(square[i] * secondCorrection) + floor;
        gradient[i] = Fma.of(gradientStep, gradient[i], meanStep * mean[i]) / root;
      }
    }
  }
}
