package dev.featuremap.optimizer;

import dev.featuremap.kernel.Kernels;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2):
 *
 * <pre>
 *   θ = θ - α · λ · θ             where weight decay applies
 *   m = β₁ · m + (1 - β₁) · g
 *   v = β₂ · v + (1 - β₂) · g²
 *   θ = θ - α · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>θ: parameters, g: {@code gradient}, α: {@code learningRate}, t: {@code step}, m: slot 0, v:
 * slot 1. The paper's decay is scaled by the schedule alone; here, as in PyTorch and optax, it is
 * scaled by the whole learning rate, so the paper's λ is α · λ. PyTorch's default λ is 0.01 and
 * optax' is 0.0001; here it is 0 unless set.
 *
 * @param beta1 β₁, from 0 to below 1
 * @param beta2 β₂, from 0 to below 1
 * @param epsilon ε, from 1e-30 to 1
 * @param weightDecay λ, at least 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  static final OptimizerType TYPE = AdamMoments.type("adamw", AdamW::new);

  /** Checks the ranges. */
  public AdamW {
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
    return new AdamUpdate(
        this, layout, new AdamMoments(beta1, beta2, epsilon), weightDecay, true, kernels);
  }
}
