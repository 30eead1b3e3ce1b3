package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The reference implementation of {@link BatchNormalization}. A subclass replaces single loops by
 * others that give the same bits.
 */
class ScalarBatchNormalization implements BatchNormalization {
  static final int LANES = Lanes.COUNT;
  static final int CHAINS = 4;

  private final int channels;
  private final int pixels;

  /** Lane sums of a channel: one or two quantities. */
  private final float[] laneSums = new float[LANES];

  private final float[] laneProducts = new float[LANES];
  private final float[] chains = new float[CHAINS * LANES];

  ScalarBatchNormalization(int channels, int pixels) {
    this.channels = channels;
    this.pixels = pixels;
  }

  /** Where the pixels end that four chains share, from the start of a channel. */
  final int chainedEnd() {
    return pixels / CHAINS * CHAINS * LANES;
  }

  /** Floats of a channel. */
  final int plane() {
    return pixels * LANES;
  }

  @Override
  public final void statistics(float[] input, int images, double[] means, double[] squares) {
    double count = (double) images * pixels;
    for (int c = 0; c < channels; c++) {
      int from = c * plane();
      sum(input, from, laneSums);
      for (int at = from + chainedEnd(); at < from + plane(); at += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          laneSums[lane] += input[at + lane];
        }
      }
      double mean = total(laneSums, images) / count;
      float center = (float) mean;
      sumSquares(input, from, center, laneSums);
      for (int at = from + chainedEnd(); at < from + plane(); at += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          float distance = input[at + lane] - center;
          laneSums[lane] = Math.fma(distance, distance, laneSums[lane]);
        }
      }
      double rounding = mean - center;
      means[c] = mean;
      squares[c] = Math.max(0, total(laneSums, images) - count * rounding * rounding);
    }
  }

  /** Lane sums of the chained pixels of a channel. */
  void sum(float[] input, int from, float[] sums) {
    Arrays.fill(chains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      chains[k % chains.length] += input[from + k];
    }
    joinChains(sums);
  }

  /** Lane sums of squared distances from {@code center}, of the chained pixels of a channel. */
  void sumSquares(float[] input, int from, float center, float[] sums) {
    Arrays.fill(chains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      float distance = input[from + k] - center;
      chains[k % chains.length] = Math.fma(distance, distance, chains[k % chains.length]);
    }
    joinChains(sums);
  }

  /** Lane sums of a gradient times the distances from {@code center}, of the chained pixels. */
  void sumProducts(float[] input, float[] gradient, int from, float center, float[] sums) {
    Arrays.fill(chains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      float distance = input[from + k] - center;
      int chain = k % chains.length;
      chains[chain] = Math.fma(gradient[from + k], distance, chains[chain]);
    }
    joinChains(sums);
  }

  private void joinChains(float[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] =
          (chains[lane] + chains[LANES + lane])
              + (chains[2 * LANES + lane] + chains[3 * LANES + lane]);
    }
  }

  private static double total(float[] lanes, int images) {
    double total = 0;
    for (int lane = 0; lane < images; lane++) {
      total += lanes[lane];
    }
    return total;
  }

  @Override
  public final void normalize(
      float[] input, float[] scale, float[] shift, float[] addend, float floor, float[] output) {
    for (int c = 0; c < channels; c++) {
      if (addend == null) {
        normalize(input, c * plane(), scale[c], shift[c], floor, output);
      } else {
        normalizeAndAdd(input, c * plane(), scale[c], shift[c], addend, floor, output);
      }
    }
  }

  /** Normalizes one channel. */
  void normalize(float[] input, int from, float scale, float shift, float floor, float[] output) {
    for (int k = from; k < from + plane(); k++) {
      output[k] = Math.max(Math.fma(input[k], scale, shift), floor);
    }
  }

  /** Normalizes one channel and adds what a shortcut brings. */
  void normalizeAndAdd(
      float[] input,
      int from,
      float scale,
      float shift,
      float[] addend,
      float floor,
      float[] output) {
    for (int k = from; k < from + plane(); k++) {
      output[k] = Math.max(Math.fma(input[k], scale, shift) + addend[k], floor);
    }
  }

  @Override
  public final void gradientSums(
      float[] input,
      float[] gradient,
      float[] means,
      int images,
      double[] sums,
      double[] products) {
    for (int c = 0; c < channels; c++) {
      int from = c * plane();
      sum(gradient, from, laneSums);
      sumProducts(input, gradient, from, means[c], laneProducts);
      for (int at = from + chainedEnd(); at < from + plane(); at += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          float g = gradient[at + lane];
          laneSums[lane] += g;
          laneProducts[lane] = Math.fma(g, input[at + lane] - means[c], laneProducts[lane]);
        }
      }
      sums[c] = total(laneSums, images);
      products[c] = total(laneProducts, images);
    }
  }

  @Override
  public final void inputGradient(
      float[] input,
      float[] gradient,
      float[] means,
      float[] a,
      float[] b,
      float[] c,
      int images,
      float[] inputGradient) {
    for (int channel = 0; channel < channels; channel++) {
      int from = channel * plane();
      descend(
          input, gradient, from, means[channel], a[channel], b[channel], c[channel], inputGradient);
    }
    for (int at = 0; at < channels * plane() && images < LANES; at += LANES) {
      Arrays.fill(inputGradient, at + images, at + LANES, 0f);
    }
  }

  /** The input gradient of one channel, in all lanes. */
  void descend(
      float[] input,
      float[] gradient,
      int from,
      float mean,
      float a,
      float b,
      float c,
      float[] inputGradient) {
    for (int k = from; k < from + plane(); k++) {
      inputGradient[k] = Math.fma(a, gradient[k], Math.fma(b, input[k] - mean, c));
    }
  }
}
