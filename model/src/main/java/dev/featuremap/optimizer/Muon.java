package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.BETA1;
import static dev.featuremap.optimizer.OptimizerSetting.BETA2;
import static dev.featuremap.optimizer.OptimizerSetting.EPSILON;
import static dev.featuremap.optimizer.OptimizerSetting.MOMENTUM;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.optimizer.StateLayout.Matrix;
import java.util.List;

/**
 * Momentum whose steps are made orthogonal (K. Jordan, "Muon: An optimizer for hidden layers in
 * neural networks", 2024), for weights that are matrices:
 *
 * <pre>
 *   m = μ · m + g
 *   O = orthogonal(g + μ · m)                       see {@link Orthogonalization}
 *   θ = θ - η · λ · θ - η · 0.2 · √max(rows, columns) · O
 * </pre>
 *
 * <p>θ: the matrix, g: its gradient, η: {@code learningRate}, m: slot 0. The factor of the step is
 * that of Liu et al. 2025 ("Muon is scalable for LLM training"): the root mean square of a step is
 * then about 0.2 · η, as with Adam, so both may have one learning rate. The matrices are those of
 * {@link StateLayout#matrices}; all other parameters take a step of {@link AdamW}. Slot 1 is
 * AdamW's second moment, and stays 0 for matrices.
 *
 * @param momentum μ, from 0 to below 1; Jordan has 0.95
 * @param beta1 β₁ of AdamW, from 0 to below 1
 * @param beta2 β₂ of AdamW, from 0 to below 1
 * @param epsilon ε of AdamW, from 1e-30 to 1
 * @param weightDecay λ, at least 0
 */
public record Muon(double momentum, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  private static final double SIZE = 0.2;

  static final OptimizerType TYPE =
      new OptimizerType(
          "muon",
          List.of(MOMENTUM.withDefault(0.95), BETA1, BETA2, EPSILON, WEIGHT_DECAY),
          v ->
              new Muon(
                  v.of(MOMENTUM), v.of(BETA1), v.of(BETA2), v.of(EPSILON), v.of(WEIGHT_DECAY)));

  /** Checks the ranges. */
  public Muon {
    MOMENTUM.check(momentum);
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
    return new MuonUpdate(this, layout, kernels);
  }

  /** The factor of a matrix' step, before the learning rate. */
  static double stepSize(Matrix matrix) {
    return SIZE * Math.sqrt(Math.max(matrix.rows(), matrix.columns()));
  }
}
