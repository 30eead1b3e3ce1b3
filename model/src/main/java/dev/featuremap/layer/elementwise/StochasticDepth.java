package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Stochastic depth: in training all activations of an image are zero with probability {@code rate}
 * and multiplied by {@code 1 / (1 - rate)} otherwise; in evaluation they pass unchanged (Huang,
 * Sun, Liu, Sedra and Weinberger 2016, "Deep networks with stochastic depth", which instead scales
 * in evaluation; torchvision's {@code StochasticDepth} in mode {@code row}, timm's {@code
 * DropPath}).
 *
 * <p>It stands at the end of a residual's layers, so that the image takes the shortcut alone. Which
 * images are dropped is a pure function of seed, epoch, layer and record. Shapes: output as input.
 *
 * <pre>{@code
 * { type = stochastic-depth, rate = 0.1 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param rate share of images dropped, in {@code [0, 1)}
 */
public record StochasticDepth(double rate) implements Elementwise {
  public static final String TYPE = "stochastic-depth";

  /** Rejects a rate outside {@code [0, 1)}. */
  public StochasticDepth {
    RandomMask.check(TYPE, rate);
  }

  /** Reads {@code rate}, which has no usual value. */
  public static StochasticDepth read(Options options) {
    return new StochasticDepth(RandomMask.readRequiredRate(options));
  }

  @Override
  public String summary() {
    return "rate " + rate;
  }

  @Override
  public boolean isRandom() {
    return rate > 0;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new RandomMask(rate, 1, input.size(), place);
  }
}
