package dev.featuremap.layer;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;

/**
 * Sigmoid linear units, also called swish: {@code out = x · σ(x)} (Elfwing, Uchibe and Doya 2017,
 * "Sigmoid-weighted linear units for neural network function approximation in reinforcement
 * learning").
 *
 * <p>Shapes: output as input.
 */
public record Silu() implements Elementwise {
  static final String TYPE = "silu";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public <T> T accept(LayerVisitor<T> visitor) {
    return visitor.silu(this);
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(Gate.SILU, input, kernels);
  }
}
