package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Dropout of whole channels: in training each channel of an image is zero with probability {@code
 * rate} and multiplied by {@code 1 / (1 - rate)} otherwise; in evaluation it passes unchanged
 * (Tompson, Goroshin, Jain, LeCun and Bregler 2015, "Efficient object localization using
 * convolutional networks"; PyTorch's {@code Dropout2d}).
 *
 * <p>Which channels are dropped is a pure function of seed, epoch, layer, record and channel. On a
 * vector it is {@link Dropout}. Shapes: output as input.
 *
 * <pre>{@code
 * { type = spatial-dropout, rate = 0.2 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param rate share of channels dropped, in {@code [0, 1)}
 */
public record SpatialDropout(double rate) implements Elementwise {
  public static final String TYPE = "spatial-dropout";

  /** Rejects a rate outside {@code [0, 1)}. */
  public SpatialDropout {
    RandomMask.check(TYPE, rate);
  }

  /** Reads {@code rate}, by default 0.5. */
  public static SpatialDropout read(Options options) {
    return new SpatialDropout(RandomMask.readRate(options));
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
    return new RandomMask(rate, input.channels(), input.height() * input.width(), place);
  }
}
