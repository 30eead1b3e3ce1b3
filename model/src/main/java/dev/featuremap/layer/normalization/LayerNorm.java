package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Layer normalization over channels: {@code out = γ · (in - μ) / √(σ² + ε) + β} with one mean μ and
 * variance σ² for each image and pixel, over its channels (Ba, Kiros and Hinton 2016, "Layer
 * normalization"; over maps as in Liu, Mao, Wu, Feichtenhofer, Darrell and Xie 2022, "A ConvNet for
 * the 2020s"). On a vector it is the usual layer normalization.
 *
 * <p>To take all channels and pixels together, write {@code group-norm} with one group.
 *
 * <p>Shapes: output as input, of at least two channels.
 *
 * <pre>{@code
 * { type = layer-norm, epsilon = 1e-6 }  # [96, 8, 8] → [96, 8, 8]
 * }</pre>
 *
 * @param epsilon ε, above 0 and at most 1
 * @param affine whether γ and β, a number each for a channel, are learned; they are 1 and 0
 *     elsewhere
 */
public record LayerNorm(double epsilon, boolean affine) implements ImageNorm {
  public static final String TYPE = "layer-norm";

  /** Rejects an ε out of range. */
  public LayerNorm {
    ImageNorm.check("a " + TYPE, epsilon);
  }

  /** Reads {@code epsilon} and {@code affine}. */
  public static LayerNorm read(Options options) {
    return new LayerNorm(ImageNorm.readEpsilon(options), options.flag("affine", true));
  }

  @Override
  public String summary() {
    return String.join(", ", unusual(true));
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.channels() == 1) {
      throw new IllegalArgumentException(
          "it normalizes the channels of each pixel, got %s with one channel, which is its own mean. Take group-norm with one group, or batch-norm"
              .formatted(input));
    }
    return input;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new LayerNormLayer(this, input, place, kernels);
  }
}
