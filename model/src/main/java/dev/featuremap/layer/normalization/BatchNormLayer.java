package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.NormalizationGradient;
import dev.featuremap.kernel.Parts;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BarrierLayer;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * {@link BatchNorm} at work; one that only predicts, or is frozen, normalizes by the running
 * statistics.
 */
final class BatchNormLayer implements BarrierLayer {
  private final BatchNormalization kernel;
  private final Kernels kernels;
  private final int pixels;
  private final Shared shared;

  BatchNormLayer(BatchNorm spec, Shape input, LayerPlace place, Kernels kernels) {
    this(kernels, input.height() * input.width(), new Shared(spec, input, place));
  }

  private BatchNormLayer(Kernels kernels, int pixels, Shared shared) {
    this.kernels = kernels;
    this.pixels = pixels;
    this.shared = shared;
    kernel = kernels.batchNormalization(shared.channels, pixels);
  }

  @Override
  public BatchNormLayer fork(Scratch scratch) {
    return new BatchNormLayer(kernels, pixels, shared);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    if (!shared.trains) {
      int end = Parts.start(shared.channels, part + 1, parts);
      for (int c = Parts.start(shared.channels, part, parts); c < end; c++) {
        shared.useRunning(parameters, c);
      }
    }
  }

  @Override
  public void collect(BlockGroup group, float[][] input) {
    for (int k = 0; k < group.size(); k++) {
      BlockPass pass = group.pass(k);
      shared.statistics.setImages(pass.block(), pass.images());
      kernel.statistics(
          input[k],
          pass.images(),
          shared.statistics.means(pass.block()),
          shared.statistics.squares(pass.block()));
    }
  }

  @Override
  public void combine(float[] parameters, int blocks) {
    shared.combine(parameters, blocks);
  }

  @Override
  public void forward(
      BlockGroup group, float[][] input, float[][] addend, float floor, float[][] output) {
    for (int k = 0; k < group.size(); k++) {
      float[] added = addend == null ? null : addend[k];
      kernel.normalize(input[k], shared.scale, shared.shift, added, floor, output[k]);
    }
  }

  @Override
  public void collectGradient(
      BlockGroup group, float[][] input, float[][] outputGradient, boolean rectified) {
    for (int k = 0; k < group.size(); k++) {
      BlockPass pass = group.pass(k);
      kernel.gradientSums(
          input[k],
          outputGradient[k],
          shared.gradient(rectified),
          pass.images(),
          shared.sums[pass.block()],
          shared.products[pass.block()]);
    }
  }

  @Override
  public void combineGradient(float[] parameters, int blocks) {
    shared.combineGradient(parameters, blocks);
  }

  @Override
  public void backward(
      BlockGroup group,
      float[][] input,
      float[][] outputGradient,
      boolean rectified,
      float[][] inputGradient) {
    if (!shared.trains) {
      scaleInto(group, outputGradient, inputGradient);
      return;
    }
    NormalizationGradient factors = shared.gradient(rectified);
    for (int k = 0; k < group.size(); k++) {
      int images = group.pass(k).images();
      kernel.inputGradient(input[k], outputGradient[k], factors, images, inputGradient[k]);
    }
  }

  /** Statistics that do not depend on the images leave a factor. */
  private void scaleInto(BlockGroup group, float[][] outputGradient, float[][] inputGradient) {
    for (int k = 0; k < group.size(); k++) {
      kernel.normalize(
          outputGradient[k],
          shared.scale,
          shared.noShift,
          null,
          Float.NEGATIVE_INFINITY,
          inputGradient[k]);
    }
  }

  /** Writes the gradient, and the new running statistics to the end of the vector. */
  @Override
  public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    int end = Parts.start(shared.channels, part + 1, parts);
    for (int c = Parts.start(shared.channels, part, parts); c < end; c++) {
      shared.writeInto(parameterGradient, c);
    }
  }

  /** What all forks share: the sums of each block, and what they make together. */
  private static final class Shared {
    final boolean trains;
    final int channels;
    final BatchStatistics statistics;
    final double[][] sums; // [block][channel], Σ g
    final double[][] products; // [block][channel], Σ g · (x - μ)
    final float[] scale;
    final float[] shift;
    final float[] noShift;

    private final BatchNorm spec;
    private final int weightsAt;
    private final int buffersFromEnd;
    private final double[] inverseDeviations;
    private final NormalizationGradient gradient;
    private final NormalizationGradient rectifiedGradient;
    private final float[] weightGradient;
    private final float[] biasGradient;
    private final float[] runningMeans;
    private final float[] runningVariances;

    Shared(BatchNorm spec, Shape input, LayerPlace place) {
      this.spec = spec;
      int blocks = place.gradientBlocks();
      trains = blocks > 0;
      channels = input.channels();
      weightsAt = place.parametersAt();
      buffersFromEnd = place.buffersFromEnd();
      statistics = new BatchStatistics(blocks, channels, input.height() * input.width());
      sums = new double[blocks][channels];
      products = new double[blocks][channels];
      scale = new float[channels];
      shift = new float[channels];
      noShift = new float[channels];
      gradient = new NormalizationGradient(channels);
      rectifiedGradient = gradient.rectified(scale, shift);
      inverseDeviations = new double[channels];
      weightGradient = new float[channels];
      biasGradient = new float[channels];
      runningMeans = new float[channels];
      runningVariances = new float[channels];
    }

    NormalizationGradient gradient(boolean rectified) {
      return rectified ? rectifiedGradient : gradient;
    }

    private void use(float[] parameters, int c, double mean, double variance) {
      inverseDeviations[c] = 1 / Math.sqrt(variance + spec.epsilon());
      double factor = parameters[weightsAt + c] * inverseDeviations[c];
      scale[c] = (float) factor;
      shift[c] = (float) (parameters[weightsAt + channels + c] - mean * factor);
      gradient.setMean(c, (float) mean);
    }

    void useRunning(float[] parameters, int c) {
      int at = parameters.length - buffersFromEnd + c;
      use(parameters, c, parameters[at], parameters[at + channels]);
    }

    void combine(float[] parameters, int blocks) {
      double count = statistics.count(blocks);
      int at = parameters.length - buffersFromEnd;
      for (int c = 0; c < channels; c++) {
        statistics.join(c, blocks);
        double mean = statistics.means(0)[c];
        double square = statistics.squares(0)[c];
        use(parameters, c, mean, square / count);
        float running = parameters[at + channels + c];
        runningMeans[c] = moved(parameters[at + c], mean);
        runningVariances[c] = count > 1 ? moved(running, square / (count - 1)) : running;
      }
    }

    private float moved(float running, double batch) {
      return (float) ((1 - spec.momentum()) * running + spec.momentum() * batch);
    }

    void combineGradient(float[] parameters, int blocks) {
      double count = statistics.count(blocks);
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        double product = 0;
        for (int block = 0; block < blocks; block++) {
          sum += sums[block][c];
          product += products[block][c];
        }
        double inverse = inverseDeviations[c];
        double factor = parameters[weightsAt + c] * inverse;
        biasGradient[c] = (float) sum;
        weightGradient[c] = (float) (product * inverse);
        gradient.set(
            c,
            (float) factor,
            (float) (-factor * inverse * inverse * product / count),
            (float) (-factor * sum / count));
      }
    }

    void writeInto(float[] gradient, int c) {
      gradient[weightsAt + c] = weightGradient[c];
      gradient[weightsAt + channels + c] = biasGradient[c];
      int at = gradient.length - buffersFromEnd + c;
      gradient[at] = runningMeans[c];
      gradient[at + channels] = runningVariances[c];
    }
  }
}
