package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.kernel.scalar.ScalarFullyConnectedGradient;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API twin of {@link dev.featuremap.kernel.scalar.ScalarKernels}: the same bits on
 * vectors of any width up to 16 lanes; a narrower vector visits the 16 images of a block in groups.
 *
 * <p>C2 keeps vectors in registers only if the accumulators of a loop are local variables, live in
 * a single loop, and are not handed to a method that is too large to inline; otherwise it boxes
 * them, which is about 10 times slower. That is why the loops are flattened over tables of offsets
 * and the register tiles are written out.
 */
public final class VectorKernels implements Kernels {
  /** The widest vectors of this CPU, but at most one block of images. */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.COUNT
          ? VectorSpecies.of(float.class, VectorShape.S_512_BIT)
          : FloatVector.SPECIES_PREFERRED;

  /**
   * What changes no number when it is added. C2 of JDK 17 stores the accumulator of a loop from its
   * register only if it knows the class by then, which it learns from an operation and not from the
   * loop; otherwise, in some starts, it boxes all vectors of the method.
   */
  static final float NEUTRAL = -0f;

  /** Creates the kernels; {@link KernelLookup} does, by name. */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector/" + SPECIES.length() + " lanes";
  }

  @Override
  public Correlation correlation(ConvolutionGeometry geometry) {
    return new VectorCorrelation(geometry);
  }

  @Override
  public Winograd winograd(WinogradGeometry geometry, Scratch scratch) {
    return new VectorWinograd(geometry, scratch);
  }

  @Override
  public WinogradWeightGradient winogradWeightGradient(WinogradGeometry geometry, Scratch scratch) {
    return new VectorWinogradWeightGradient(geometry, scratch);
  }

  @Override
  public FullyConnectedProducts fullyConnected(int inputs, int outputs) {
    return new VectorFullyConnectedProducts(inputs, outputs);
  }

  @Override
  public FullyConnectedGradient fullyConnectedGradient(int inputs, int outputs, int blocks) {
    return inputs < VectorFullyConnectedGradient.PANEL_INPUTS
        ? new ScalarFullyConnectedGradient(inputs, outputs, blocks)
        : new VectorFullyConnectedGradient(inputs, outputs, blocks);
  }

  @Override
  public MaxPooling maxPooling(PoolingGeometry geometry, float floor) {
    return new VectorMaxPooling(geometry, floor);
  }

  @Override
  public BatchNormalization batchNormalization(int channels, int pixels) {
    return new VectorBatchNormalization(channels, pixels);
  }

  @Override
  public void add(float[] a, float[] b, float floor, float[] sum, int length) {
    Activation.add(a, b, floor, sum, length);
  }

  @Override
  public void rectify(float[] input, float[] output, int length) {
    Activation.rectify(input, output, length);
  }

  @Override
  public void rectifyGradient(
      float[] output, float[] outputGradient, float[] inputGradient, int length) {
    Activation.rectifyGradient(output, outputGradient, inputGradient, length);
  }

  @Override
  public void sigmoid(float[] input, float[] output, int length) {
    Activation.sigmoid(input, output, length);
  }

  @Override
  public void tanh(float[] input, float[] output, int length) {
    Activation.tanh(input, output, length);
  }

  @Override
  public void leakyRectify(float slope, float[] input, float[] output, int length) {
    Activation.leakyRectify(slope, input, output, length);
  }

  @Override
  public void leakyRectifyGradient(
      float slope, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    Activation.leakyRectifyGradient(slope, input, outputGradient, inputGradient, length);
  }

  @Override
  public void gate(Gate gate, float[] input, float[] output, int length) {
    Activation.gate(gate, input, output, length);
  }

  @Override
  public void gateGradient(
      Gate gate, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    Activation.gateGradient(gate, input, outputGradient, inputGradient, length);
  }

  @Override
  public void softmax(
      int classes, float[] logits, float[] probabilities, float[] largest, float[] sums) {
    for (int lane = 0; lane < Lanes.COUNT; lane += SPECIES.length()) {
      Activation.softmax(classes, logits, probabilities, largest, sums, lane);
    }
  }

  @Override
  public void adam(AdamStep step, float[] state, float[] gradient, int from, int to) {
    VectorAdam.apply(step, state, gradient, from, to);
  }
}
