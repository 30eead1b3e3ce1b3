package dev.featuremap.optimizer;

import dev.featuremap.kernel.Kernels;

/**
 * Adam (Kingma and Ba 2015, algorithm 1):
 *
 * <pre>
 *   g = gradient + λ · θ          where weight decay applies
 *   m = β₁ · m + (1 - β₁) · g
 *   v = β₂ · v + (1 - β₂) · g²
 *   θ = θ - α · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>θ: parameters, α: {@code learningRate}, t: {@code step}, m: slot 0, v: slot 1. Weight decay is
 * L2 regularization in the gradient, as in PyTorch's Adam; {@link AdamW} decays apart from it. ε
 * stands outside the root and after the bias correction, as in the paper's algorithm, PyTorch and
 * optax; TensorFlow adds it before the correction (the paper's "ε hat"), so its ε acts larger in
 * early steps.
 *
 * @param beta1 β₁, from 0 to below 1
 * @param beta2 β₂, from 0 to below 1
 * @param epsilon ε, from 1e-30 to 1
 * @param weightDecay λ, at least 0
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  static final OptimizerType TYPE = AdamMoments.type("adam", Adam::new);

  /** Checks the ranges. */
  public Adam {
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
        this, layout, new AdamMoments(beta1, beta2, epsilon), weightDecay, false, kernels);
  }
}
