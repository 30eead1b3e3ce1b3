package dev.featuremap.optimizer;

import dev.featuremap.kernel.Kernels;

/**
 * Layer-wise adaptive moments for large mini-batches (You et al. 2020, algorithm 2):
 *
 * <pre>
 *   m = β₁ · m + (1 - β₁) · g
 *   v = β₂ · v + (1 - β₂) · g²
 *   r = (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε) + λ · x
 *   x = x - η · ‖x‖ / ‖r‖ · r              of each weight tensor
 * </pre>
 *
 * <p>x: the tensor, g: its gradient, η: {@code learningRate}, t: {@code step}, m: slot 0, v: slot
 * 1. The paper's φ, which may bound ‖x‖, is the identity. Biases take the step without the ratio
 * and without decay, and so does a tensor of which a norm is 0.
 *
 * @param beta1 β₁, from 0 to below 1
 * @param beta2 β₂, from 0 to below 1
 * @param epsilon ε, from 1e-30 to 1; the paper has 1e-6
 * @param weightDecay λ, at least 0
 */
public record Lamb(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  static final OptimizerType TYPE = AdamMoments.type("lamb", Lamb::new);

  /** Checks the ranges. */
  public Lamb {
    AdamMoments.check(beta1, beta2, epsilon, weightDecay);
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
    return new Scaled(this, layout);
  }

  private static final class Scaled extends TensorUpdate {
    private final Lamb lamb;
    private final AdamMoments moments;
    private double learningRate;
    private float firstCorrection;
    private float secondCorrection;
    private float rate;

    Scaled(Lamb lamb, StateLayout layout) {
      super(lamb, layout);
      this.lamb = lamb;
      this.moments = new AdamMoments(lamb.beta1, lamb.beta2, lamb.epsilon);
    }

    @Override
    void begin(double stepRate, long step) {
      learningRate = stepRate;
      firstCorrection = moments.stepSize(1, step);
      secondCorrection = moments.secondCorrection(step);
    }

    @Override
    void measure(Tile part, boolean adapted) {
      moments.learn(part);
      turn(part, adapted);
    }

    @Override
    void scale(boolean adapted, double parameterNorm, double directionNorm) {
      double trust =
          adapted && parameterNorm > 0 && directionNorm > 0 ? parameterNorm / directionNorm : 1;
      rate = (float) (learningRate * trust);
    }

    @Override
    void move(Tile part, boolean adapted) {
      turn(part, adapted);
      part.addScaled(part.parameters(), -rate, part.gradient());
    }

    /** Puts r in place of the gradient. */
    private void turn(Tile part, boolean adapted) {
      moments.directionInto(part.gradient(), part, firstCorrection, secondCorrection);
      if (adapted) {
        part.addScaled(part.gradient(), (float) lamb.weightDecay, part.parameters());
      }
    }
  }
}
