package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Leaky rectified linear units: {@code out = in} where that is positive, {@code slope · in}
 * elsewhere (Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic
 * models").
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = leaky-relu, slope = 0.1 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param slope from 0 to below 1
 */
public record LeakyRelu(double slope) implements Elementwise {
  public static final String TYPE = "leaky-relu";

  /** Rejects a slope outside {@code [0, 1)}. */
  public LeakyRelu {
    if (!(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException(
          "Cannot make a leaky-relu layer: its slope must be in [0, 1), got %s.".formatted(slope));
    }
  }

  /** Reads {@code slope}, by default 0.01 as in PyTorch. */
  public static LeakyRelu read(Options options) {
    return new LeakyRelu(
        options.number("slope", 0.01, "in [0, 1)", slope -> slope >= 0 && slope < 1));
  }

  @Override
  public String summary() {
    return "slope " + slope;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    float factor = (float) slope;
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, n) -> kernels.leakyRectify(factor, in, out, 0, n),
        (in, out, toOut, toIn, n) -> kernels.leakyRectifyGradient(factor, in, toOut, toIn, 0, n));
  }
}
