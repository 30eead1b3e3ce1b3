package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.MOMENTUM;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Kernels;
import java.util.List;

/**
 * Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, algorithm 1 and equation 6), for
 * large mini-batches:
 *
 * <pre>
 *   λ = η · ‖w‖ / (‖g‖ + β · ‖w‖)        of each weight tensor
 *   v = m · v + γ · λ · (g + β · w)
 *   w = w - v
 * </pre>
 *
 * <p>w: the tensor, g: its gradient, η: {@code trustCoefficient}, β: {@code weightDecay}, m: {@code
 * momentum}, γ: {@code learningRate}, v: slot 0. Biases have λ = 1 and no decay, and so has a
 * tensor of which a norm is 0. The learning rate is inside the velocity, as in the paper; {@link
 * Sgd} has it outside.
 *
 * @param momentum m, from 0 to below 1
 * @param trustCoefficient η, above 0
 * @param weightDecay β, at least 0
 */
public record Lars(double momentum, double trustCoefficient, double weightDecay)
    implements Optimizer {
  private static final OptimizerSetting TRUST =
      OptimizerSetting.of("trust-coefficient", NumberRule.POSITIVE);

  static final OptimizerType TYPE =
      new OptimizerType(
          "lars",
          List.of(MOMENTUM, TRUST, WEIGHT_DECAY),
          v -> new Lars(v.of(MOMENTUM), v.of(TRUST), v.of(WEIGHT_DECAY)));

  /** Checks the ranges. */
  public Lars {
    MOMENTUM.check(momentum);
    TRUST.check(trustCoefficient);
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
    return new Scaled(this, layout);
  }

  private static final class Scaled extends TensorUpdate {
    private final Lars lars;
    private double learningRate;
    private float rate;

    Scaled(Lars lars, StateLayout layout) {
      super(lars, layout);
      this.lars = lars;
    }

    @Override
    void begin(double stepRate, long step) {
      learningRate = stepRate;
    }

    /** The norm is that of the gradient as it is. */
    @Override
    void measure(Tile part, boolean adapted) {}

    @Override
    void scale(boolean adapted, double weightNorm, double gradientNorm) {
      double trust =
          adapted && weightNorm > 0 && gradientNorm > 0
              ? lars.trustCoefficient * weightNorm / (gradientNorm + lars.weightDecay * weightNorm)
              : 1;
      rate = (float) (learningRate * trust);
    }

    @Override
    void move(Tile part, boolean adapted) {
      float[] velocity = part.slot(0);
      if (adapted) {
        part.addScaled(part.gradient(), (float) lars.weightDecay, part.parameters());
      }
      part.scale(part.gradient(), rate);
      part.scaleAndAdd(velocity, (float) lars.momentum, part.gradient());
      part.addScaled(part.parameters(), -1, velocity);
    }
  }
}
