package dev.featuremap.layer.normalization;

import dev.featuremap.init.Initializer;
import dev.featuremap.init.StartingValues;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the normalizations share that look at each image by itself: {@code out = γ · (in - μ) / √(σ²
 * + ε) + β} with the mean μ and the variance σ² of some values of one image, in training and in
 * evaluation alike, and a γ and a β a channel.
 */
interface ImageNorm extends LayerSpec {
  /** PyTorch's ε. */
  double EPSILON = 1e-5;

  /** ε, above 0 and at most 1. */
  double epsilon();

  /** Whether γ and β are learned; they are 1 and 0 elsewhere. */
  boolean affine();

  /** Reads {@code epsilon}. */
  static double readEpsilon(Options options) {
    return options.number("epsilon", EPSILON, "above 0 and at most 1", e -> e > 0 && e <= 1);
  }

  /**
   * Rejects an ε out of range.
   *
   * @param layer with its article
   */
  static void check(String layer, double epsilon) {
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "Cannot make %s layer: its epsilon must be above 0 and at most 1, got %s."
              .formatted(layer, epsilon));
    }
  }

  /** The options that are not as usual. */
  default List<String> unusual(boolean usuallyAffine) {
    List<String> parts = new ArrayList<>();
    if (epsilon() != EPSILON) {
      parts.add("epsilon " + epsilon());
    }
    if (affine() != usuallyAffine) {
      parts.add(affine() ? "affine" : "not affine");
    }
    return parts;
  }

  @Override
  default Shape outputShape(Shape input) {
    return input;
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return affine()
        ? List.of(
            perChannel("weight", input, Initializer.ONES),
            perChannel("bias", input, Initializer.ZEROS))
        : List.of();
  }

  private static ParameterSpec perChannel(String name, Shape input, StartingValues start) {
    return new ParameterSpec(name, List.of(input.channels()), start, 1, 1, false);
  }
}
