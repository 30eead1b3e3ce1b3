package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Instance normalization: {@code out = γ · (in - μ) / √(σ² + ε) + β} with one mean μ and variance
 * σ² for each image and channel, over its pixels (Ulyanov, Vedaldi and Lempitsky 2016, "Instance
 * normalization: the missing ingredient for fast stylization"). It is a {@link GroupNorm} with a
 * group a channel.
 *
 * <p>As in PyTorch, γ and β are 1 and 0 unless it is affine, and there are no running statistics.
 *
 * <p>Shapes: output as input, of at least two pixels.
 *
 * <pre>{@code
 * { type = instance-norm, affine = true }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param epsilon ε, above 0 and at most 1
 * @param affine whether γ and β are learned
 */
public record InstanceNorm(double epsilon, boolean affine) implements ImageNorm {
  public static final String TYPE = "instance-norm";

  /** Rejects an ε out of range. */
  public InstanceNorm {
    ImageNorm.check("an " + TYPE, epsilon);
  }

  /** Reads {@code epsilon} and {@code affine}. */
  public static InstanceNorm read(Options options) {
    return new InstanceNorm(ImageNorm.readEpsilon(options), options.flag("affine", false));
  }

  @Override
  public String summary() {
    return String.join(", ", unusual(false));
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.isFlat()) {
      throw new IllegalArgumentException(
          "it normalizes the pixels of each channel, got %s with one pixel, which is its own mean. Put it before the layer that makes a vector"
              .formatted(input));
    }
    return input;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new GroupNormLayer(this, input.channels(), input, place, kernels);
  }
}
