package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Sigmoid linear units, also called swish: {@code out = x · σ(x)} (Elfwing, Uchibe and Doya 2017,
 * "Sigmoid-weighted linear units for neural network function approximation in reinforcement
 * learning").
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = silu }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Silu() implements Elementwise {
  public static final String TYPE = "silu";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(Gate.SILU, input, kernels);
  }
}
