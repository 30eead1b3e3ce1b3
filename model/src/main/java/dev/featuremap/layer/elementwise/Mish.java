package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Mish neurons: {@code out = x · tanh(log(1 + e^x))} (Misra 2019, "Mish: a self regularized
 * non-monotonic activation function").
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = mish }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Mish() implements Elementwise {
  public static final String TYPE = "mish";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(Gate.MISH, input, kernels);
  }
}
