package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation: plain loops in the order {@link Kernels} states. */
public final class ScalarKernels implements Kernels {

  /** Creates the kernels. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Correlation correlation(ConvolutionGeometry geometry) {
    return new ScalarCorrelation(geometry);
  }

  @Override
  public Winograd winograd(WinogradGeometry geometry, Scratch scratch) {
    return new ScalarWinograd(geometry, scratch);
  }

  @Override
  public WinogradWeightGradient winogradWeightGradient(WinogradGeometry geometry, Scratch scratch) {
    return new ScalarWinogradWeightGradient(geometry, scratch);
  }

  @Override
  public FullyConnectedProducts fullyConnected(int inputs, int outputs) {
    return new ScalarFullyConnected(inputs, outputs);
  }

  @Override
  public FullyConnectedGradient fullyConnectedGradient(int inputs, int outputs, int blocks) {
    return new ScalarFullyConnectedGradient(inputs, outputs, blocks);
  }

  @Override
  public MaxPooling maxPooling(PoolingGeometry geometry, float floor) {
    return new ScalarMaxPooling(geometry, floor);
  }

  @Override
  public BatchNormalization batchNormalization(int channels, int pixels) {
    return new ScalarBatchNormalization(channels, pixels);
  }

  @Override
  public ImageNormalization imageNormalization() {
    return new ScalarImageNormalization();
  }

  @Override
  public void add(float[] a, float[] b, float floor, float[] sum, int length) {
    for (int k = 0; k < length; k++) {
      sum[k] = Math.max(a[k] + b[k], floor);
    }
  }

  @Override
  public void rectify(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = Math.max(input[k], 0f);
    }
  }

  @Override
  public void rectifyGradient(
      float[] output, float[] outputGradient, float[] inputGradient, int length) {
    for (int k = 0; k < length; k++) {
      inputGradient[k] = output[k] > 0f ? outputGradient[k] : 0f;
    }
  }

  @Override
  public void sigmoid(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = FloatMath.sigmoid(input[k]);
    }
  }

  @Override
  public void tanh(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = FloatMath.tanh(input[k]);
    }
  }

  @Override
  public void clip(float low, float high, float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = Math.min(Math.max(input[k], low), high);
    }
  }

  @Override
  public void clipGradient(
      float low,
      float high,
      float[] output,
      float[] outputGradient,
      float[] inputGradient,
      int length) {
    for (int k = 0; k < length; k++) {
      inputGradient[k] = low < output[k] && output[k] < high ? outputGradient[k] : 0f;
    }
  }

  @Override
  public void leakyRectifyGradient(
      float slope, float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    for (int k = from; k < to; k++) {
      inputGradient[k] = input[k] > 0f ? outputGradient[k] : slope * outputGradient[k];
    }
  }

  @Override
  public void slopeGradient(
      float[] input, float[] outputGradient, int from, int to, float[] laneSums) {
    Arrays.fill(laneSums, 0, Lanes.COUNT, 0f);
    for (int k = from; k < to; k++) {
      int lane = k % Lanes.COUNT;
      laneSums[lane] = Fma.of(Math.min(input[k], 0f), outputGradient[k], laneSums[lane]);
    }
  }

  @Override
  public void gate(Gate gate, float[] input, float[] output, int length) {
    gate.apply(input, output, 0, length);
  }

  @Override
  public void gateGradient(
      Gate gate, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    gate.gradient(input, outputGradient, inputGradient, 0, length);
  }

  @Override
  public void softmax(
      int classes, float[] logits, float[] probabilities, float[] largest, float[] sums) {
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      int end = classes * Lanes.COUNT + lane;
      float maximum = logits[lane];
      for (int k = lane; k < end; k += Lanes.COUNT) {
        maximum = Math.max(maximum, logits[k]);
      }
      float sum = 0f;
      for (int k = lane; k < end; k += Lanes.COUNT) {
        probabilities[k] = FloatMath.exp(logits[k] - maximum);
        sum += probabilities[k];
      }
      for (int k = lane; k < end; k += Lanes.COUNT) {
        probabilities[k] /= sum;
      }
      largest[lane] = maximum;
      sums[lane] = sum;
    }
  }

  @Override
  public void adam(AdamStep step, float[] state, float[] gradient, int from, int to) {
    ScalarAdam.apply(step, state, gradient, from, to);
  }

  @Override
  public void multiply(
      MatrixProduct product, float[] left, float[] right, float[] scratch, float[] result) {
    ScalarMatrixProduct.apply(product, left, right, result);
  }
}
