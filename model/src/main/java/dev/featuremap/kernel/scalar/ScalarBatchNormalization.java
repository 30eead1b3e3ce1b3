package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.NormalizationGradient;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The reference implementation of {@link BatchNormalization}. A subclass replaces single loops by
 * others that give the same bits.
 */
public class ScalarBatchNormalization implements BatchNormalization {
  protected static final int LANES = Lanes.COUNT;
  protected static final int CHAINS = 4;

  private final int channels;
  private final int pixels;

  /** Lane sums of a channel. */
  private final float[] laneSums = new float[LANES];

  private final float[] laneProducts = new float[LANES];
  private final float[] chains = new float[CHAINS * LANES];
  private final float[] productChains = new float[CHAINS * LANES];

  protected ScalarBatchNormalization(int channels, int pixels) {
    this.channels = channels;
    this.pixels = pixels;
  }

  /** Where the pixels end that four chains share, from the start of a channel. */
  protected final int chainedEnd() {
    return pixels / CHAINS * CHAINS * LANES;
  }

  /** Floats of a channel. */
  protected final int plane() {
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
          laneSums[lane] = Fma.of(distance, distance, laneSums[lane]);
        }
      }
      double rounding = mean - center;
      means[c] = mean;
      squares[c] = Math.max(0, total(laneSums, images) - count * rounding * rounding);
    }
  }

  /** Lane sums of the chained pixels of a channel. */
  protected void sum(float[] input, int from, float[] sums) {
    Arrays.fill(chains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      chains[k % chains.length] += input[from + k];
    }
    joinChains(chains, sums);
  }

  /** Lane sums of squared distances from {@code center}, of the chained pixels of a channel. */
  protected void sumSquares(float[] input, int from, float center, float[] sums) {
    Arrays.fill(chains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      float distance = input[from + k] - center;
      chains[k % chains.length] = Fma.of(distance, distance, chains[k % chains.length]);
    }
    joinChains(chains, sums);
  }

  private static void joinChains(float[] chains, float[] sums) {
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
  protected void normalize(
      float[] input, int from, float scale, float shift, float floor, float[] output) {
    for (int k = from; k < from + plane(); k++) {
      output[k] = Math.max(Fma.of(input[k], scale, shift), floor);
    }
  }

  /** Normalizes one channel and adds what a shortcut brings. */
  protected void normalizeAndAdd(
      float[] input,
      int from,
      float scale,
      float shift,
      float[] addend,
      float floor,
      float[] output) {
    for (int k = from; k < from + plane(); k++) {
      output[k] = Math.max(Fma.of(input[k], scale, shift) + addend[k], floor);
    }
  }

  /** What counts of a gradient. */
  private static float passing(float gradient, float x, float passScale, float passShift) {
    return Fma.of(x, passScale, passShift) > 0f ? gradient : 0f;
  }

  @Override
  public final void gradientSums(
      float[] input,
      float[] gradient,
      NormalizationGradient factors,
      int images,
      double[] sums,
      double[] products) {
    for (int c = 0; c < channels; c++) {
      int from = c * plane();
      sumGradients(input, gradient, from, factors, c, laneSums, laneProducts);
      for (int k = from + chainedEnd(); k < from + plane(); k++) {
        int lane = k % LANES;
        float g = passing(gradient[k], input[k], factors.passScale[c], factors.passShift[c]);
        laneSums[lane] += g;
        laneProducts[lane] = Fma.of(g, input[k] - factors.means[c], laneProducts[lane]);
      }
      sums[c] = total(laneSums, images);
      products[c] = total(laneProducts, images);
    }
  }

  /** Lane sums of a gradient and of its products, of the chained pixels of channel {@code c}. */
  protected void sumGradients(
      float[] input,
      float[] gradient,
      int from,
      NormalizationGradient factors,
      int c,
      float[] sums,
      float[] products) {
    Arrays.fill(chains, 0f);
    Arrays.fill(productChains, 0f);
    for (int k = 0; k < chainedEnd(); k++) {
      float x = input[from + k];
      float g = passing(gradient[from + k], x, factors.passScale[c], factors.passShift[c]);
      int chain = k % chains.length;
      chains[chain] += g;
      productChains[chain] = Fma.of(g, x - factors.means[c], productChains[chain]);
    }
    joinChains(chains, sums);
    joinChains(productChains, products);
  }

  @Override
  public final void inputGradient(
      float[] input,
      float[] gradient,
      NormalizationGradient factors,
      int images,
      float[] inputGradient) {
    for (int c = 0; c < channels; c++) {
      descend(input, gradient, c * plane(), factors, c, inputGradient);
    }
    for (int at = 0; at < channels * plane() && images < LANES; at += LANES) {
      Arrays.fill(inputGradient, at + images, at + LANES, 0f);
    }
  }

  /** The input gradient of channel {@code c}, in all lanes. */
  protected void descend(
      float[] input,
      float[] gradient,
      int from,
      NormalizationGradient factors,
      int c,
      float[] inputGradient) {
    float a = factors.ofGradient[c];
    float b = factors.ofDistance[c];
    for (int k = from; k < from + plane(); k++) {
      float x = input[k];
      float g = passing(gradient[k], x, factors.passScale[c], factors.passShift[c]);
      inputGradient[k] = Fma.of(a, g, Fma.of(b, x - factors.means[c], factors.constant[c]));
    }
  }
}
