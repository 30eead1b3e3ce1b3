package dev.featuremap.layer.normalization;

import dev.featuremap.init.Initializer;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * Batch normalization: {@code out = γ · (in - μ) / √(σ² + ε) + β} with one mean μ and variance σ² a
 * channel (Ioffe and Szegedy 2015, "Batch normalization: accelerating deep network training by
 * reducing internal covariate shift").
 *
 * <p>In training μ and σ² are those of the mini-batch of a worker, over images and pixels. In
 * evaluation they are the running mean and variance, which each step moves by the momentum {@code
 * m}: {@code running = (1 - m) · running + m · batch}, with the unbiased variance as in PyTorch. A
 * single value has no unbiased variance; it leaves the running one alone.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = batch-norm, momentum = 0.1 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param momentum m, above 0 and up to 1; the share of the newest mini-batch
 * @param epsilon ε, above 0
 * @param weights how γ starts
 */
public record BatchNorm(double momentum, double epsilon, Initializer weights) implements LayerSpec {
  public static final String TYPE = "batch-norm";

  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;

  /** Rejects numbers out of range. */
  public BatchNorm {
    if (!(momentum > 0 && momentum <= 1) || !(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "Cannot make a batch-norm layer: its momentum and epsilon must be above 0 and at most 1, got %s and %s."
              .formatted(momentum, epsilon));
    }
  }

  /** Reads {@code momentum}, {@code epsilon} and {@code initializer}. */
  public static BatchNorm read(Options options) {
    return new BatchNorm(
        options.number("momentum", MOMENTUM, "above 0 and at most 1", m -> m > 0 && m <= 1),
        options.number("epsilon", EPSILON, "above 0 and at most 1", e -> e > 0 && e <= 1),
        options.choice("initializer", Initializer.ONES));
  }

  @Override
  public String summary() {
    String momentumText = momentum == MOMENTUM ? "" : "momentum " + momentum;
    String epsilonText = epsilon == EPSILON ? "" : "epsilon " + epsilon;
    boolean both = !momentumText.isEmpty() && !epsilonText.isEmpty();
    return momentumText + (both ? ", " : "") + epsilonText;
  }

  @Override
  public boolean isBarrier() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(
        perChannel("weight", input, weights), perChannel("bias", input, Initializer.ZEROS));
  }

  @Override
  public List<ParameterSpec> buffers(Shape input) {
    return List.of(
        perChannel("running_mean", input, Initializer.ZEROS),
        perChannel("running_var", input, Initializer.ONES));
  }

  private static ParameterSpec perChannel(String name, Shape input, Initializer start) {
    return new ParameterSpec(name, List.of(input.channels()), start, 1, 1, false);
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new BatchNormLayer(this, input, place, kernels);
  }
}
