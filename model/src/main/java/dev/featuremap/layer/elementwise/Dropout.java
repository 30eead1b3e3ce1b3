package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
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
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Cannot make a dropout layer: its rate must be in [0, 1), got %s.".formatted(rate));
    }
  }

  /** Reads {@code rate}, by default 0.5. */
  public static Dropout read(Options options) {
    return new Dropout(options.number("rate", 0.5, "in [0, 1)", rate -> rate >= 0 && rate < 1));
  }

  @Override
  public String summary() {
    return "rate " + rate;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Mask(rate, input.size(), place.index());
  }

  private static final class Mask extends SingleBlockLayer {
    private final double rate;
    private final long threshold; // of 2^53
    private final int scaleBits;
    private final int size;
    private final int layer;
    private final long[] laneKeys = new long[Lanes.COUNT];

    Mask(double rate, int size, int layer) {
      this.rate = rate;
      this.threshold = (long) StrictMath.ceil(rate * 0x1p53);
      this.scaleBits = Float.floatToRawIntBits((float) (1 / (1 - rate)));
      this.size = size;
      this.layer = layer;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      apply(pass, input, output);
    }

    /** The mask is a diagonal matrix, so gradients pass through it as activations do. */
    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      apply(pass, outputGradient, inputGradient);
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new Mask(rate, size, layer);
    }

    private void apply(BlockPass pass, float[] from, float[] to) {
      if (!pass.training()) {
        System.arraycopy(from, 0, to, 0, size * Lanes.COUNT);
        return;
      }
      hashLanes(pass);
      // A mask of bits: a conditional mispredicts on half of the values and is 5 times slower.
      int at = 0;
      for (int element = 0; element < size; element++) {
        long key = CounterRandom.spread(element);
        for (int lane = 0; lane < Lanes.COUNT; lane++, at++) {
          long draw = CounterRandom.join(laneKeys[lane], key) >>> 11;
          int kept = (int) ~((draw - threshold) >> 63);
          to[at] = from[at] * Float.intBitsToFloat(scaleBits & kept);
        }
      }
    }

    private void hashLanes(BlockPass pass) {
      long epochKey =
          CounterRandom.hash(CounterRandom.stream(pass.seed(), Purpose.DROPOUT), pass.epoch());
      long layerKey = CounterRandom.hash(epochKey, layer);
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        laneKeys[lane] = CounterRandom.hash(layerKey, pass.records()[lane]);
      }
    }
  }
}
