package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/** {@link LocalResponseNorm} at work: on tiles of some pixels and all channels. */
final class LocalResponseNormLayer extends SingleBlockLayer {
  /** Floats of a channel in a tile. */
  private static final int TILE = 16 * Lanes.COUNT;

  private final LocalResponseNorm spec;
  private final Shape shape;
  private final int channels;
  private final int plane; // floats of a channel
  private final float[] sums; // k + α / size · Σ in²
  private final float[] powers; // sums^-β
  private final float[] roots;
  private final float[] ratios; // [channel][tile], what each output passes to its sum

  LocalResponseNormLayer(LocalResponseNorm spec, Shape input) {
    this.spec = spec;
    shape = input;
    channels = input.channels();
    plane = input.blockSize() / channels;
    int tile = Math.min(TILE, plane);
    sums = new float[tile];
    powers = new float[tile];
    roots = new float[tile];
    ratios = new float[channels * tile];
  }

  @Override
  public Layer fork(Scratch scratch) {
    return new LocalResponseNormLayer(spec, shape);
  }

  @Override
  public void forward(BlockPass pass, float[] input, float[] output) {
    for (int tile = 0; tile < plane; tile += TILE) {
      int length = Math.min(TILE, plane - tile);
      for (int c = 0; c < channels; c++) {
        describe(input, tile, length, c);
        multiply(input, c * plane + tile, length, powers, output);
      }
    }
  }

  /**
   * The derivative by {@code in[c]}: with s for the sums, {@code g[c] · s[c]^-β - 2αβ / size ·
   * in[c] · Σ g[i] · out[i] / s[i]}, over the channels i whose sums have c.
   */
  @Override
  public void backward(
      BlockPass pass,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    float factor = (float) (-2 * spec.alpha() * spec.beta() / spec.size());
    for (int tile = 0; tile < plane; tile += TILE) {
      int length = Math.min(TILE, plane - tile);
      for (int c = 0; c < channels; c++) {
        int at = c * plane + tile;
        describe(input, tile, length, c);
        multiply(outputGradient, at, length, powers, inputGradient);
        ratio(outputGradient, output, at, length, sums, ratios, c * sums.length);
      }
      for (int c = 0; c < channels; c++) {
        Arrays.fill(roots, 0, length, 0f);
        int end = Math.min(channels, c + spec.size() / 2 + 1);
        for (int i = Math.max(0, c - (spec.size() - 1) / 2); i < end; i++) {
          add(ratios, i * sums.length, length, roots);
        }
        descend(input, c * plane + tile, length, factor, roots, inputGradient);
      }
    }
  }

  /** Sums and powers of a channel's values in a tile. */
  private void describe(float[] input, int tile, int length, int channel) {
    Arrays.fill(sums, 0, length, 0f);
    for (int i = spec.first(channel); i < spec.end(channel, channels); i++) {
      addSquares(input, i * plane + tile, length, sums);
    }
    float factor = (float) (spec.alpha() / spec.size());
    float addend = (float) spec.k();
    for (int k = 0; k < length; k++) {
      sums[k] = Fma.of(sums[k], factor, addend);
    }
    raise(length);
  }

  /** {@code powers = sums^-β}: by roots and products where 4β is a whole number. */
  private void raise(int length) {
    double quarters = 4 * spec.beta();
    if (quarters != Math.rint(quarters)) {
      for (int k = 0; k < length; k++) {
        powers[k] = (float) Powers.power(Math.min(sums[k], Float.MAX_VALUE), -spec.beta());
      }
      return;
    }
    System.arraycopy(sums, 0, roots, 0, length);
    int factors = (int) quarters;
    for (int halving = 0; halving < 2; halving++) {
      if (factors % 2 == 0) {
        factors /= 2;
      } else {
        takeRoots(roots, length);
      }
    }
    Arrays.fill(powers, 0, length, 1f);
    for (int factor = 0; factor < factors; factor++) {
      multiply(powers, 0, length, roots, powers);
    }
    for (int k = 0; k < length; k++) {
      powers[k] = 1f / powers[k];
    }
  }

  private static void addSquares(float[] values, int at, int length, float[] sums) {
    for (int k = 0; k < length; k++) {
      float value = values[at + k];
      sums[k] = Fma.of(value, value, sums[k]);
    }
  }

  private static void takeRoots(float[] values, int length) {
    for (int k = 0; k < length; k++) {
      values[k] = (float) Math.sqrt(values[k]);
    }
  }

  private static void multiply(
      float[] values, int at, int length, float[] factors, float[] products) {
    for (int k = 0; k < length; k++) {
      products[at + k] = values[at + k] * factors[k];
    }
  }

  private static void ratio(
      float[] gradient, float[] output, int at, int length, float[] sums, float[] ratios, int to) {
    for (int k = 0; k < length; k++) {
      ratios[to + k] = gradient[at + k] * output[at + k] / sums[k];
    }
  }

  private static void add(float[] values, int at, int length, float[] sums) {
    for (int k = 0; k < length; k++) {
      sums[k] += values[at + k];
    }
  }

  private static void descend(
      float[] input, int at, int length, float factor, float[] sums, float[] inputGradient) {
    for (int k = 0; k < length; k++) {
      inputGradient[at + k] = Fma.of(input[at + k] * factor, sums[k], inputGradient[at + k]);
    }
  }
}
