package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.kernel.scalar.ScalarFullyConnectedGradient;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API twin of {@link dev.featuremap.kernel.scalar.ScalarKernels}: the same bits on
 * vectors of any width up to 16 lanes; a narrower vector visits the 16 images of a block in groups.
 *
 * <p>C2 keeps vectors in registers only if the accumulators of a loop are local variables, live in
 * a single loop, and are not handed to a method that is too large to inline; otherwise it boxes
 * them, which is about 10 times slower. That is why the loops are flattened over tables of offsets
 * and the register tiles are written out. Comparisons take broadcast vectors: JDK 17 boxes the
 * comparison of a vector with a scalar.
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
    return new VectorFullyConnected(inputs, outputs);
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
  public ImageNormalization imageNormalization() {
    return new VectorImageNormalization();
  }

  @Override
  public void adam(AdamStep step, float[] state, float[] gradient, int from, int to) {
    VectorAdam.apply(step, state, gradient, from, to);
  }

  @Override
  public void multiply(
      MatrixProduct product, float[] left, float[] right, float[] scratch, float[] result) {
    VectorMatrixProduct.apply(product, left, right, scratch, result);
  }

  @Override
  public void rectify(float[] input, float[] output, int length) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int k = 0;
    for (; k < SPECIES.loopBound(length); k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, input, k).max(zero).intoArray(output, k);
    }
    for (; k < length; k++) {
      output[k] = Math.max(input[k], 0f);
    }
  }

  @Override
  public void rectifyGradient(
      float[] output, float[] outputGradient, float[] inputGradient, int length) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int k = 0;
    for (; k < SPECIES.loopBound(length); k += SPECIES.length()) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, outputGradient, k);
      VectorMask<Float> positive = zero.lt(FloatVector.fromArray(SPECIES, output, k));
      zero.blend(gradient, positive).intoArray(inputGradient, k);
    }
    for (; k < length; k++) {
      inputGradient[k] = output[k] > 0f ? outputGradient[k] : 0f;
    }
  }

  @Override
  public void add(float[] a, float[] b, float floor, float[] sum, int length) {
    FloatVector least = broadcast(floor);
    int k = 0;
    for (; k < SPECIES.loopBound(length); k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, a, k)
          .add(FloatVector.fromArray(SPECIES, b, k))
          .max(least)
          .intoArray(sum, k);
    }
    for (; k < length; k++) {
      sum[k] = Math.max(a[k] + b[k], floor);
    }
  }

  @Override
  public void clip(float low, float high, float[] input, float[] output, int length) {
    VectorRectifiers.clip(low, high, input, output, length);
  }

  @Override
  public void clipGradient(
      float low,
      float high,
      float[] output,
      float[] outputGradient,
      float[] inputGradient,
      int length) {
    VectorRectifiers.clipGradient(low, high, output, outputGradient, inputGradient, length);
  }

  @Override
  public void leakyRectifyGradient(
      float slope, float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    VectorRectifiers.leakyGradient(slope, input, outputGradient, inputGradient, from, to);
  }

  @Override
  public void slopeGradient(
      float[] input, float[] outputGradient, int from, int to, float[] laneSums) {
    VectorRectifiers.slopeGradient(input, outputGradient, from, to, laneSums);
  }

  @Override
  public void gate(Gate gate, float[] input, float[] output, int length) {
    VectorGates.apply(gate, input, output, length);
  }

  @Override
  public void gateGradient(
      Gate gate, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    VectorGates.gradient(gate, input, outputGradient, inputGradient, length);
  }

  @Override
  public void sigmoid(float[] input, float[] output, int length) {
    int end = SPECIES.loopBound(length);
    for (int k = 0; k < end; k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, input, k).neg().intoArray(output, k);
    }
    exponentiateInPlace(output, 0, end, SPECIES.length());
    FloatVector one = broadcast(1f);
    for (int k = 0; k < end; k += SPECIES.length()) {
      one.div(one.add(FloatVector.fromArray(SPECIES, output, k))).intoArray(output, k);
    }
    for (int k = end; k < length; k++) {
      output[k] = FloatMath.sigmoid(input[k]);
    }
  }

  /** The arrays are two. */
  @Override
  public void tanh(float[] input, float[] output, int length) {
    int end = SPECIES.loopBound(length);
    for (int k = 0; k < end; k += SPECIES.length()) {
      FloatVector magnitude = FloatVector.fromArray(SPECIES, input, k).abs();
      magnitude.add(magnitude).intoArray(output, k);
    }
    exponentiateInPlace(output, 0, end, SPECIES.length());
    for (int k = 0; k < end; k += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector square = x.mul(x);
      FloatVector p = broadcast(FloatMath.T4).fma(square, broadcast(FloatMath.T3));
      p = p.fma(square, broadcast(FloatMath.T2));
      p = p.fma(square, broadcast(FloatMath.T1));
      p = p.fma(square, broadcast(FloatMath.T0));
      FloatVector small = p.mul(square).fma(x, x);
      FloatVector one = broadcast(1f);
      FloatVector exponential = FloatVector.fromArray(SPECIES, output, k);
      FloatVector large = one.sub(broadcast(2f).div(exponential.add(one)));
      large
          .blend(large.neg(), x.lt(broadcast(0f)))
          .blend(small, x.abs().lt(broadcast(FloatMath.TANH_SMALL)))
          .intoArray(output, k);
    }
    for (int k = end; k < length; k++) {
      output[k] = FloatMath.tanh(input[k]);
    }
  }

  @Override
  public void softmax(
      int classes, float[] logits, float[] probabilities, float[] largest, float[] sums) {
    for (int lane = 0; lane < Lanes.COUNT; lane += SPECIES.length()) {
      softmax(classes, logits, probabilities, largest, sums, lane);
    }
  }

  /** The lanes from {@code lane} on that fill one vector. */
  private static void softmax(
      int classes, float[] logits, float[] probabilities, float[] largest, float[] sums, int lane) {
    int end = classes * Lanes.COUNT;
    FloatVector neutral = broadcast(VectorKernels.NEUTRAL);
    FloatVector running = FloatVector.fromArray(SPECIES, logits, lane);
    for (int at = lane; at < end; at += Lanes.COUNT) {
      running = running.max(FloatVector.fromArray(SPECIES, logits, at));
    }
    FloatVector maximum = neutral.add(running);
    maximum.intoArray(largest, lane);
    for (int at = lane; at < end; at += Lanes.COUNT) {
      FloatVector.fromArray(SPECIES, logits, at).sub(maximum).intoArray(probabilities, at);
    }
    exponentiateInPlace(probabilities, lane, end, Lanes.COUNT);
    FloatVector adding = FloatVector.zero(SPECIES);
    for (int at = lane; at < end; at += Lanes.COUNT) {
      adding = adding.add(FloatVector.fromArray(SPECIES, probabilities, at));
    }
    FloatVector sum = neutral.add(adding);
    sum.intoArray(sums, lane);
    for (int at = lane; at < end; at += Lanes.COUNT) {
      FloatVector.fromArray(SPECIES, probabilities, at).div(sum).intoArray(probabilities, at);
    }
  }

  /**
   * {@link FloatMath#exp} of the vectors at {@code from, from + step, …} before {@code end}. It
   * works on arrays: C2 does not inline a method of one vector that it has compiled by itself
   * before, and then boxes the vector.
   */
  static void exponentiateInPlace(float[] values, int from, int end, int step) {
    for (int at = from; at < end; at += step) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, at);
      FloatVector clamped = x.max(broadcast(FloatMath.EXP_MIN)).min(broadcast(FloatMath.EXP_MAX));
      FloatVector shifted = clamped.fma(broadcast(FloatMath.LOG2_E), broadcast(FloatMath.ROUNDING));
      FloatVector n = shifted.sub(broadcast(FloatMath.ROUNDING));
      FloatVector r = n.fma(broadcast(-FloatMath.LN2_HIGH), clamped);
      r = n.fma(broadcast(-FloatMath.LN2_LOW), r);
      FloatVector p = broadcast(FloatMath.P5).fma(r, broadcast(FloatMath.P4));
      p = p.fma(r, broadcast(FloatMath.P3));
      p = p.fma(r, broadcast(FloatMath.P2));
      p = p.fma(r, broadcast(FloatMath.P1));
      p = p.fma(r, broadcast(FloatMath.P0));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(0x3F800000)
              .reinterpretAsFloats();
      p.mul(scale).intoArray(values, at);
    }
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
