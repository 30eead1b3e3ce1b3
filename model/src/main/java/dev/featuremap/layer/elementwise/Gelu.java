package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Gaussian error linear units in their tanh form, {@code out = x / 2 · (1 + tanh(√(2/π) · (x +
 * 0.044715 · x³)))} (Hendrycks and Gimpel 2016, "Gaussian error linear units"). This is PyTorch's
 * {@code nn.GELU(approximate="tanh")}; the form with the error function differs by up to 5e-4.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = gelu }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Gelu() implements Elementwise {
  public static final String TYPE = "gelu";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(Gate.GELU, input, kernels);
  }
}
