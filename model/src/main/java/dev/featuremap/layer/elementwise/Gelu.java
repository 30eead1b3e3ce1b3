package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Gaussian error linear units (Hendrycks and Gimpel 2016, "Gaussian error linear units"), by
 * default in their tanh form, {@code out = x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))}. That
 * is PyTorch's {@code nn.GELU(approximate="tanh")}; the exact form {@code x · Φ(x) = x / 2 · (1 +
 * erf(x / √2))}, which is {@code nn.GELU()}, differs by up to 5e-4.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = gelu }  # [8, 26, 26] → [8, 26, 26]
 * { type = gelu, approximate = none }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param approximate which form it is
 */
public record Gelu(Approximation approximate) implements Elementwise {
  public static final String TYPE = "gelu";

  /** How the error function is computed, in PyTorch's words. */
  public enum Approximation {
    TANH,
    /** As accurate as floats are. */
    NONE
  }

  /** Reads {@code approximate}, by default {@code tanh}. */
  public static Gelu read(Options options) {
    return new Gelu(options.choice("approximate", Approximation.TANH));
  }

  /** True for the form with the error function. */
  public boolean isExact() {
    return approximate == Approximation.NONE;
  }

  @Override
  public String summary() {
    return isExact() ? "exact" : "";
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.gated(isExact() ? Gate.GELU : Gate.GELU_TANH, input, kernels);
  }
}
