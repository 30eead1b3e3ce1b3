package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Inverted dropout: in training each activation is zero with probability {@code rate} and
 * multiplied by {@code 1 / (1 - rate)} otherwise; in evaluation it passes unchanged (Srivastava,
 * Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, "Dropout: a simple way to prevent neural
 * networks from overfitting", which instead scales the weights of the trained network).
 *
 * <p>Which activations are dropped is a pure function of seed, epoch, layer, record and element.
 * Shapes: output as input.
 *
 * <pre>{@code
 * { type = dropout, rate = 0.5 }  # [100, 1, 1] → [100, 1, 1]
 * }</pre>
 *
 * @param rate share of activations dropped, in {@code [0, 1)}
 */
public record Dropout(double rate) implements Elementwise {
  public static final String TYPE = "dropout";

  /** Rejects a rate outside {@code [0, 1)}. */
  public Dropout {
    RandomMask.check(TYPE, rate);
  }

  /** Reads {@code rate}, by default 0.5. */
  public static Dropout read(Options options) {
    return new Dropout(RandomMask.readRate(options));
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
    return new RandomMask(rate, input.size(), 1, place);
  }
}
