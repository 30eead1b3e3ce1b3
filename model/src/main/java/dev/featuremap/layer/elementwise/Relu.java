package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Rectified linear units: {@code out = max(in, 0)}, NaN stays NaN. The gradient passes where {@code
 * out} is positive (Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann
 * machines").
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = relu }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Relu() implements Elementwise {
  public static final String TYPE = "relu";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        kernels::rectify,
        (in, out, toOut, toIn, length) -> kernels.rectifyGradient(out, toOut, toIn, length));
  }
}
