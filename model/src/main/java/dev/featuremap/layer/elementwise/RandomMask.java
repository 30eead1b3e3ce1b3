package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;

/**
 * Drops parts of each image in training and scales the others by {@code 1 / (1 - rate)}; a part is
 * some neighbouring values. Which parts is a pure function of seed, epoch, layer, record and part.
 * One that is frozen drops nothing.
 */
final class RandomMask extends SingleBlockLayer {
  /** Values of a part whose factors are written out, so that loops over them are long. */
  private static final int RUN = 16;

  private final double rate;
  private final long threshold; // of 2^53
  private final int scaleBits;
  private final int parts;
  private final int valuesOfPart;
  private final int layer;
  private final boolean frozen;
  private final long[] laneKeys = new long[Lanes.COUNT];
  private final float[] factors; // [value of a run, 16]

  /**
   * A mask.
   *
   * @param parts of an image
   * @param valuesOfPart values of each
   * @param place of the layer
   */
  RandomMask(double rate, int parts, int valuesOfPart, LayerPlace place) {
    this(rate, parts, valuesOfPart, place.index(), place.frozen());
  }

  private RandomMask(double rate, int parts, int valuesOfPart, int layer, boolean frozen) {
    this.rate = rate;
    this.threshold = (long) StrictMath.ceil(rate * 0x1p53);
    this.scaleBits = Float.floatToRawIntBits((float) (1 / (1 - rate)));
    this.parts = parts;
    this.valuesOfPart = valuesOfPart;
    this.layer = layer;
    this.frozen = frozen;
    this.factors = new float[Math.min(RUN, valuesOfPart) * Lanes.COUNT];
  }

  /** Reads {@code rate}, by default 0.5. */
  static double readRate(Options options) {
    return options.number("rate", 0.5, "in [0, 1)", rate -> rate >= 0 && rate < 1);
  }

  /** Reads {@code rate}, which has no default. */
  static double readRequiredRate(Options options) {
    if (!options.has("rate")) {
      options.problem("Cannot read %s: it is required.".formatted(options.path("rate")));
    }
    return readRate(options);
  }

  /** Rejects a rate outside {@code [0, 1)}. */
  static void check(String type, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Cannot make a %s layer: its rate must be in [0, 1), got %s.".formatted(type, rate));
    }
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
    return new RandomMask(rate, parts, valuesOfPart, layer, frozen);
  }

  private void apply(BlockPass pass, float[] from, float[] to) {
    if (frozen || !pass.training()) {
      System.arraycopy(from, 0, to, 0, parts * valuesOfPart * Lanes.COUNT);
      return;
    }
    hashLanes(pass);
    if (valuesOfPart == 1) {
      dropValues(from, to);
    } else {
      dropParts(from, to);
    }
  }

  private void dropValues(float[] from, float[] to) {
    // A mask of bits: a conditional mispredicts on half of the values and is 5 times slower.
    int at = 0;
    for (int part = 0; part < parts; part++) {
      long key = CounterRandom.spread(part);
      for (int lane = 0; lane < Lanes.COUNT; lane++, at++) {
        long draw = CounterRandom.join(laneKeys[lane], key) >>> 11;
        int kept = (int) ~((draw - threshold) >> 63);
        to[at] = from[at] * Float.intBitsToFloat(scaleBits & kept);
      }
    }
  }

  private void dropParts(float[] from, float[] to) {
    int plane = valuesOfPart * Lanes.COUNT;
    for (int part = 0; part < parts; part++) {
      drawFactors(part);
      int end = (part + 1) * plane;
      for (int at = part * plane; at < end; at += factors.length) {
        multiply(from, at, Math.min(factors.length, end - at), factors, to);
      }
    }
  }

  private void drawFactors(int part) {
    long key = CounterRandom.spread(part);
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      long draw = CounterRandom.join(laneKeys[lane], key) >>> 11;
      factors[lane] = draw < threshold ? 0f : Float.intBitsToFloat(scaleBits);
    }
    for (int at = Lanes.COUNT; at < factors.length; at += Lanes.COUNT) {
      System.arraycopy(factors, 0, factors, at, Lanes.COUNT);
    }
  }

  private static void multiply(float[] from, int at, int length, float[] factors, float[] to) {
    for (int k = 0; k < length; k++) {
      to[at + k] = from[at + k] * factors[k];
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
