package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Rectified linear units with a ceiling: {@code out = min(max(in, 0), 6)}, NaN stays NaN. The
 * gradient passes where {@code out} is between 0 and 6 (Howard et al. 2017, "MobileNets: efficient
 * convolutional neural networks for mobile vision applications"). It is {@link Clip} from 0 to 6.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = relu6 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Relu6() implements Elementwise {
  public static final String TYPE = "relu6";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.clipped(0f, 6f, input, kernels);
  }
}
