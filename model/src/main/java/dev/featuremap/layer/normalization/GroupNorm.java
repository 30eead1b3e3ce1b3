package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Group normalization: {@code out = γ · (in - μ) / √(σ² + ε) + β} with one mean μ and variance σ²
 * (divided by the number of values) for each image and group of neighbouring channels, and a γ and
 * a β a channel (Wu and He 2018, "Group normalization").
 *
 * <p>An image is normalized by itself: the result does not depend on the others of its mini-batch,
 * and is the same in training and in evaluation. One group takes all channels and pixels together.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = group-norm, groups = 4 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param groups divides the channels
 * @param epsilon ε, above 0 and at most 1
 * @param affine whether γ and β are learned; they are 1 and 0 elsewhere
 */
public record GroupNorm(int groups, double epsilon, boolean affine) implements ImageNorm {
  public static final String TYPE = "group-norm";

  /** Rejects numbers out of range. */
  public GroupNorm {
    Checks.range(TYPE, "groups", groups, 1, Integer.MAX_VALUE);
    ImageNorm.check("a " + TYPE, epsilon);
  }

  /** Reads {@code groups}, {@code epsilon} and {@code affine}. */
  public static GroupNorm read(Options options) {
    return new GroupNorm(
        options.requiredInteger("groups", 1),
        ImageNorm.readEpsilon(options),
        options.flag("affine", true));
  }

  @Override
  public String summary() {
    List<String> parts = new ArrayList<>(List.of(groups == 1 ? "1 group" : groups + " groups"));
    parts.addAll(unusual(true));
    return String.join(", ", parts);
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          "its %s groups must divide the channels, got %s".formatted(groups, input.channels()));
    }
    if (input.size() == groups) {
      throw new IllegalArgumentException(
          "its %s groups of %s have one value each, which is its own mean. Take fewer groups"
              .formatted(groups, input));
    }
    return input;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new GroupNormLayer(this, groups, input, place, kernels);
  }
}
