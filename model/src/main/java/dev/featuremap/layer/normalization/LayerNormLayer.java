package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * {@link LayerNorm} at work: on tiles of some pixels and all channels, which stay in the cache for
 * all passes.
 */
final class LayerNormLayer implements Layer {
  /** Floats of a channel in a tile. */
  private static final int TILE = 64 * Lanes.COUNT;

  private final LayerNorm spec;
  private final Kernels kernels;
  private final int channels;
  private final int plane; // floats of a channel
  private final ScaleAndShift parameters;
  private final float[][] kept; // [block of the mini-batch][mean or inverse, pixel, 16]

  private final ImageNormalization kernel;
  private final float[] means;
  private final float[] inverses; // 1 / √(σ² + ε)
  private final float[] sums;
  private final float[] others;
  private final float[] products;
  private final float[] lanes = new float[Lanes.COUNT];
  private final double[] ofScales;
  private final double[] ofShifts;

  LayerNormLayer(LayerNorm spec, Shape input, LayerPlace place, Kernels kernels) {
    this(
        spec,
        kernels,
        input.channels(),
        input.blockSize() / input.channels(),
        new ScaleAndShift(spec.affine(), input.channels(), place),
        new float[place.blocks()][2 * (input.blockSize() / input.channels())]);
  }

  private LayerNormLayer(
      LayerNorm spec,
      Kernels kernels,
      int channels,
      int plane,
      ScaleAndShift parameters,
      float[][] kept) {
    this.spec = spec;
    this.kernels = kernels;
    this.channels = channels;
    this.plane = plane;
    this.parameters = parameters;
    this.kept = kept;
    kernel = kernels.imageNormalization();
    int tile = Math.min(TILE, plane);
    means = new float[tile];
    inverses = new float[tile];
    sums = new float[tile];
    others = new float[tile];
    products = new float[tile];
    ofScales = new double[channels];
    ofShifts = new double[channels];
  }

  @Override
  public Layer fork(Scratch scratch) {
    return new LayerNormLayer(spec, kernels, channels, plane, parameters, kept);
  }

  @Override
  public void forward(BlockGroup group, float[] values, float[][] input, float[][] output) {
    for (int k = 0; k < group.size(); k++) {
      for (int tile = 0; tile < plane; tile += TILE) {
        int length = Math.min(TILE, plane - tile);
        describe(input[k], tile, length);
        if (kept.length > 0) {
          float[] statistics = kept[group.pass(k).block()];
          System.arraycopy(means, 0, statistics, tile, length);
          System.arraycopy(inverses, 0, statistics, plane + tile, length);
        }
        for (int c = 0; c < channels; c++) {
          float scale = parameters.scale(values, c);
          float shift = parameters.shift(values, c);
          normalize(input[k], c * plane + tile, length, means, inverses, scale, shift, output[k]);
        }
      }
    }
  }

  /** Finds mean and {@code 1 / √(σ² + ε)} of a tile, by a second pass around a first mean. */
  private void describe(float[] input, int tile, int length) {
    Arrays.fill(means, 0, length, 0f);
    for (int c = 0; c < channels; c++) {
      add(input, c * plane + tile, length, means);
    }
    for (int k = 0; k < length; k++) {
      means[k] /= channels;
    }
    Arrays.fill(sums, 0, length, 0f);
    Arrays.fill(others, 0, length, 0f);
    for (int c = 0; c < channels; c++) {
      addDeviations(input, c * plane + tile, length, means, sums, others);
    }
    float epsilon = (float) spec.epsilon();
    for (int k = 0; k < length; k++) {
      float rest = sums[k] / channels;
      float variance = Math.max(0f, others[k] / channels - rest * rest);
      means[k] += rest;
      inverses[k] = 1f / (float) Math.sqrt(variance + epsilon);
    }
  }

  private static void add(float[] values, int at, int length, float[] sums) {
    for (int k = 0; k < length; k++) {
      sums[k] += values[at + k];
    }
  }

  private static void addDeviations(
      float[] values, int at, int length, float[] centers, float[] sums, float[] squares) {
    for (int k = 0; k < length; k++) {
      float distance = values[at + k] - centers[k];
      sums[k] += distance;
      squares[k] = Fma.of(distance, distance, squares[k]);
    }
  }

  private static void normalize(
      float[] values,
      int at,
      int length,
      float[] means,
      float[] inverses,
      float scale,
      float shift,
      float[] output) {
    for (int k = 0; k < length; k++) {
      output[at + k] = Fma.of((values[at + k] - means[k]) * inverses[k], scale, shift);
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
      Arrays.fill(ofScales, 0);
      Arrays.fill(ofShifts, 0);
      float[] statistics = kept[group.pass(k).block()];
      for (int tile = 0; tile < plane; tile += TILE) {
        int length = Math.min(TILE, plane - tile);
        System.arraycopy(statistics, tile, means, 0, length);
        System.arraycopy(statistics, plane + tile, inverses, 0, length);
        sumGradients(input[k], outputGradient[k], tile, length, values);
        if (inputGradient != null) {
          descend(input[k], outputGradient[k], tile, length, values, inputGradient[k]);
        }
      }
      float[] slot = parameters.slot(group, k);
      for (int c = 0; c < channels; c++) {
        parameters.add(slot, c, ofScales[c], ofShifts[c]);
      }
    }
  }

  /**
   * Adds up the gradient of a tile: that of γ and β, and the means over channels of {@code γg} and
   * {@code γg · out}, where out is the normalized input.
   */
  private void sumGradients(float[] input, float[] gradient, int tile, int length, float[] values) {
    Arrays.fill(sums, 0, length, 0f);
    Arrays.fill(others, 0, length, 0f);
    for (int c = 0; c < channels; c++) {
      int at = c * plane + tile;
      addGradients(
          input,
          gradient,
          at,
          length,
          means,
          inverses,
          parameters.scale(values, c),
          sums,
          others,
          products);
      if (spec.affine()) {
        kernel.sum(products, 0, length / Lanes.COUNT, lanes);
        ofScales[c] += Lanes.sum(lanes, 0);
        kernel.sum(gradient, at, length / Lanes.COUNT, lanes);
        ofShifts[c] += Lanes.sum(lanes, 0);
      }
    }
    for (int k = 0; k < length; k++) {
      sums[k] /= channels;
      others[k] /= channels;
    }
  }

  private static void addGradients(
      float[] values,
      float[] gradient,
      int at,
      int length,
      float[] means,
      float[] inverses,
      float scale,
      float[] sums,
      float[] others,
      float[] products) {
    for (int k = 0; k < length; k++) {
      float g = gradient[at + k];
      float product = g * ((values[at + k] - means[k]) * inverses[k]);
      products[k] = product;
      sums[k] = Fma.of(g, scale, sums[k]);
      others[k] = Fma.of(product, scale, others[k]);
    }
  }

  private void descend(
      float[] input,
      float[] gradient,
      int tile,
      int length,
      float[] values,
      float[] inputGradient) {
    for (int c = 0; c < channels; c++) {
      float scale = parameters.scale(values, c);
      descend(
          input,
          gradient,
          c * plane + tile,
          length,
          means,
          inverses,
          scale,
          sums,
          others,
          inputGradient);
    }
  }

  private static void descend(
      float[] values,
      float[] gradient,
      int at,
      int length,
      float[] means,
      float[] inverses,
      float scale,
      float[] sums,
      float[] others,
      float[] inputGradient) {
    for (int k = 0; k < length; k++) {
      float normalized = (values[at + k] - means[k]) * inverses[k];
      float passed = Fma.of(gradient[at + k], scale, -sums[k]);
      inputGradient[at + k] = Fma.of(-normalized, others[k], passed) * inverses[k];
    }
  }

  @Override
  public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    parameters.finishGradient(blocks, parameterGradient, part, parts);
  }
}
