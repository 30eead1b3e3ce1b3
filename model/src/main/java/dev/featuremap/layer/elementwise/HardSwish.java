package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Hard swish: {@code out = x · min(max(x + 3, 0), 6) / 6}, swish with straight lines in place of
 * the sigmoid (Howard et al. 2019, "Searching for MobileNetV3", section 5.2).
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = hard-swish }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record HardSwish() implements Elementwise {
  public static final String TYPE = "hard-swish";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(Gate.HARD_SWISH, input, kernels);
  }
}
