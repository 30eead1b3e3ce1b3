package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/** {@link GroupNorm} and {@link InstanceNorm} at work. */
final class GroupNormLayer implements Layer {
  private static final int LANES = Lanes.COUNT;

  private final ImageNorm spec;
  private final Kernels kernels;
  private final int groups;
  private final int channels; // of a group
  private final int pixels; // of a channel
  private final ScaleAndShift parameters;
  private final double[][] kept; // [block of the mini-batch][mean or inverse, group, 16]
  private final double[] found; // the same of one block, where nothing is kept

  private final ImageNormalization kernel;
  private final LaneTotals totals;
  private final double[] sums = new double[LANES];
  private final double[] others = new double[LANES];
  private final double[] weightedSums = new double[LANES];
  private final double[] weightedProducts = new double[LANES];
  private final float[] centers = new float[LANES];
  private final float[] scales = new float[LANES];
  private final float[] slopes = new float[LANES];
  private final float[] shifts = new float[LANES];

  GroupNormLayer(ImageNorm spec, int groups, Shape input, LayerPlace place, Kernels kernels) {
    this(
        spec,
        kernels,
        groups,
        input.channels() / groups,
        input.height() * input.width(),
        new ScaleAndShift(spec.affine(), input.channels(), place),
        new double[place.blocks()][2 * groups * LANES]);
  }

  private GroupNormLayer(
      ImageNorm spec,
      Kernels kernels,
      int groups,
      int channels,
      int pixels,
      ScaleAndShift parameters,
      double[][] kept) {
    this.spec = spec;
    this.kernels = kernels;
    this.groups = groups;
    this.channels = channels;
    this.pixels = pixels;
    this.parameters = parameters;
    this.kept = kept;
    found = new double[kept.length > 0 ? 0 : 2 * groups * LANES];
    kernel = kernels.imageNormalization();
    totals = new LaneTotals(kernel);
  }

  @Override
  public Layer fork(Scratch scratch) {
    return new GroupNormLayer(spec, kernels, groups, channels, pixels, parameters, kept);
  }

  private double[] statistics(BlockGroup group, int k) {
    return kept.length > 0 ? kept[group.pass(k).block()] : found;
  }

  /** Where a channel starts in a block. */
  private int start(int channel) {
    return channel * pixels * LANES;
  }

  @Override
  public void forward(BlockGroup group, float[] values, float[][] input, float[][] output) {
    for (int k = 0; k < group.size(); k++) {
      double[] statistics = statistics(group, k);
      for (int g = 0; g < groups; g++) {
        describe(input[k], g, statistics);
        for (int c = g * channels; c < (g + 1) * channels; c++) {
          place(g, c, values, statistics);
          kernel.normalize(input[k], start(c), pixels, centers, scales, shifts, output[k]);
        }
      }
    }
  }

  /** Finds mean μ and {@code 1 / √(σ² + ε)} of a group in each lane. */
  private void describe(float[] input, int group, double[] statistics) {
    int from = start(group * channels);
    int count = channels * pixels;
    totals.sum(input, from, count, sums);
    for (int lane = 0; lane < LANES; lane++) {
      centers[lane] = (float) (sums[lane] / count);
    }
    totals.deviations(input, from, count, centers, sums, others);
    int at = group * LANES;
    for (int lane = 0; lane < LANES; lane++, at++) {
      double rest = sums[lane] / count; // what the first mean lacks
      double variance = Math.max(0, others[lane] / count - rest * rest);
      statistics[at] = centers[lane] + rest;
      statistics[groups * LANES + at] = 1 / Math.sqrt(variance + spec.epsilon());
    }
  }

  /** The factors of a channel, around the floats next to the means. */
  private void place(int group, int channel, float[] values, double[] statistics) {
    int at = group * LANES;
    for (int lane = 0; lane < LANES; lane++, at++) {
      double scale = parameters.scale(values, channel) * statistics[groups * LANES + at];
      centers[lane] = (float) statistics[at];
      scales[lane] = (float) scale;
      double rest = statistics[at] - centers[lane];
      shifts[lane] = (float) (parameters.shift(values, channel) - rest * scale);
    }
  }

  @Override
  public void backward(
      BlockGroup group,
      float[] values,
      float[][] input,
      float[][] output,
      float[][] outputGradient,
      float[][] inputGradient) {
    if (inputGradient == null && !spec.affine()) {
      return;
    }
    for (int k = 0; k < group.size(); k++) {
      double[] statistics = statistics(group, k);
      float[] slot = parameters.slot(group, k);
      for (int g = 0; g < groups; g++) {
        sumGradients(input[k], outputGradient[k], g, values, statistics, slot);
        if (inputGradient != null) {
          placeGradients(g, statistics);
          descend(input[k], outputGradient[k], g, values, statistics, inputGradient[k]);
        }
      }
    }
  }

  /** Adds up the gradient of a group: that of γ and β, and {@code Σ γg} and {@code Σ γgd}. */
  private void sumGradients(
      float[] input,
      float[] gradient,
      int group,
      float[] values,
      double[] statistics,
      float[] slot) {
    int at = group * LANES;
    for (int lane = 0; lane < LANES; lane++) {
      centers[lane] = (float) statistics[at + lane];
    }
    Arrays.fill(weightedSums, 0);
    Arrays.fill(weightedProducts, 0);
    for (int c = group * channels; c < (group + 1) * channels; c++) {
      totals.gradientSums(input, gradient, start(c), pixels, centers, sums, others);
      double scale = parameters.scale(values, c);
      double ofScale = 0;
      double ofShift = 0;
      for (int lane = 0; lane < LANES; lane++) {
        double rest = statistics[at + lane] - centers[lane];
        double product = others[lane] - rest * sums[lane];
        weightedSums[lane] += scale * sums[lane];
        weightedProducts[lane] += scale * product;
        ofScale += product * statistics[groups * LANES + at + lane];
        ofShift += sums[lane];
      }
      parameters.add(slot, c, ofScale, ofShift);
    }
  }

  /**
   * What the input gradient takes of the distance {@code d = in - μ} and what is constant in it:
   * {@code -r³ · Σ γgd / n} and {@code -r · Σ γg / n}, with {@code r = 1 / √(σ² + ε)} and the
   * number n of values.
   */
  private void placeGradients(int group, double[] statistics) {
    int at = group * LANES;
    int count = channels * pixels;
    for (int lane = 0; lane < LANES; lane++, at++) {
      double inverse = statistics[groups * LANES + at];
      double slope = -inverse * inverse * inverse * weightedProducts[lane] / count;
      double rest = statistics[at] - centers[lane];
      slopes[lane] = (float) slope;
      shifts[lane] = (float) (-inverse * weightedSums[lane] / count - slope * rest);
    }
  }

  private void descend(
      float[] input,
      float[] gradient,
      int group,
      float[] values,
      double[] statistics,
      float[] inputGradient) {
    int inverses = (groups + group) * LANES;
    for (int c = group * channels; c < (group + 1) * channels; c++) {
      double scale = parameters.scale(values, c);
      for (int lane = 0; lane < LANES; lane++) {
        scales[lane] = (float) (scale * statistics[inverses + lane]);
      }
      kernel.inputGradient(
          input, gradient, start(c), pixels, centers, scales, slopes, shifts, inputGradient);
    }
  }

  @Override
  public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    parameters.finishGradient(blocks, parameterGradient, part, parts);
  }
}
