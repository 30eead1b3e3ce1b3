package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.UsedScratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.SeededPermutation;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * One layer with all its arrays, ready to run: 16 different images, and NaN canaries before and
 * after everything that belongs to the layer.
 *
 * <p>The values of one image are a permutation of evenly spaced numbers in (-2, 2), so that none is
 * near zero and no two are near each other: kinks of rectifiers and maxima stay out of reach of
 * small differences.
 */
final class LayerTrial {
  static final int CANARIES = 7;

  final Layer layer;
  private final Scratch scratch;
  final int parametersAt = CANARIES;
  final int parameterCount;
  final int bufferCount;
  final int inputSize;
  final int outputSize;
  final BlockGroup group = new BlockGroup(1);
  final BlockPass pass = group.pass(0).train(11, 3);
  final float[] parameters;
  final float[] input;
  final float[] output;
  final float[] outputGradient;
  final float[] inputGradient;
  final float[] parameterGradient;
  private final float[][] inputs;
  private final float[][] outputs;
  private final float[][] outputGradients;
  private final float[][] inputGradients;

  LayerTrial(LayerSpec spec, Shape shape) {
    this(spec, shape, UsedScratch.create());
  }

  private LayerTrial(LayerSpec spec, Shape shape, Scratch scratch) {
    this(
        spec.build(
            shape,
            new LayerPlace(2, CANARIES, sizeOf(spec.buffers(shape)) + CANARIES, 2, true, scratch),
            new ScalarKernels()),
        scratch,
        shape,
        spec.outputShape(shape),
        sizeOf(spec.parameters(shape)),
        sizeOf(spec.buffers(shape)));
  }

  /** A trial of a layer that has been built, with its scratch. */
  LayerTrial(
      Layer layer,
      Scratch scratch,
      Shape inputShape,
      Shape outputShape,
      int parameterCount,
      int bufferCount) {
    this.layer = layer;
    this.scratch = scratch;
    this.parameterCount = parameterCount;
    this.bufferCount = bufferCount;
    inputSize = inputShape.blockSize();
    outputSize = outputShape.blockSize();
    parameters = guarded(parameterCount + bufferCount);
    fillNormalLike(parameters, parametersAt, parameterCount + bufferCount, 1);
    parameterGradient = guarded(parameterCount + bufferCount);
    input = withTail(inputSize);
    fillImages(input, inputShape.size(), 2);
    output = withTail(outputSize);
    outputGradient = withTail(outputSize);
    fillNormalLike(outputGradient, 0, outputSize, 3);
    inputGradient = withTail(inputSize);
    inputs = new float[][] {input};
    outputs = new float[][] {output};
    outputGradients = new float[][] {outputGradient};
    inputGradients = new float[][] {inputGradient};
    group.resize(1, 1);
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      pass.records()[lane] = 1000 + 37L * lane;
    }
    meet();
  }

  /** Values of all tensors. */
  static int sizeOf(List<ParameterSpec> tensors) {
    return tensors.stream().mapToInt(ParameterSpec::size).sum();
  }

  /** Passes the barrier of a layer that has one, so that it knows the whole mini-batch. */
  private void meet() {
    if (layer instanceof BarrierLayer barrier) {
      barrier.collect(group, inputs);
      barrier.combine(parameters, 1);
    }
  }

  /** Runs forward over the trial's own arrays. */
  void forward() {
    layer.prepare(parameters, 0, 1);
    UsedScratch.spoil(scratch);
    layer.forward(group, parameters, inputs, outputs);
  }

  /** Runs forward of the mini-batch's next block, over the images of {@code key}. */
  void forwardNextBlock(long key) {
    float[] images = input.clone();
    fillImages(images, inputSize / Lanes.COUNT, key);
    pass.at(1, Lanes.COUNT, pass.records().clone());
    layer.forward(group, parameters, new float[][] {images}, new float[][] {output.clone()});
    pass.at(0, Lanes.COUNT, pass.records().clone());
  }

  /** Runs backward over the trial's own arrays. */
  void backward() {
    UsedScratch.spoil(scratch);
    backward(inputGradients);
  }

  /** Runs backward without the gradient of the input. */
  void backwardWithoutInputGradient() {
    UsedScratch.spoil(scratch);
    backward(null);
  }

  /** All that a training step asks of the layer. */
  void step() {
    meet();
    layer.prepare(parameters, 0, 1);
    layer.forward(group, parameters, inputs, outputs);
    backward(inputGradients);
  }

  private void backward(float[][] toInput) {
    if (layer instanceof BarrierLayer barrier) {
      barrier.collectGradient(group, inputs, outputGradients, false);
      barrier.combineGradient(parameters, 1);
    }
    layer.backward(group, parameters, inputs, outputs, outputGradients, toInput);
    layer.finishGradient(1, parameterGradient, 0, 1);
  }

  /** The layer's part of a vector that is guarded on both sides. */
  float[] slice(float[] guarded) {
    return Arrays.copyOfRange(guarded, parametersAt, parametersAt + parameterCount);
  }

  /** Sum over all outputs of output times output gradient, whose derivative backward computes. */
  double objective() {
    meet();
    forward();
    double sum = 0;
    for (int k = 0; k < outputSize; k++) {
      sum += (double) output[k] * outputGradient[k];
    }
    return sum;
  }

  private static float[] guarded(int size) {
    float[] values = new float[CANARIES + size + CANARIES];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  private static float[] withTail(int size) {
    float[] values = new float[size + CANARIES];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  private static void fillNormalLike(float[] values, int at, int size, long key) {
    for (int k = 0; k < size; k++) {
      values[at + k] = 2 * CounterRandom.uniform(CounterRandom.hash(key, k)) - 1;
    }
  }

  private static void fillImages(float[] values, int size, long key) {
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      SeededPermutation order = new SeededPermutation(size, CounterRandom.hash(key, lane));
      for (int k = 0; k < size; k++) {
        double place = (2 * order.apply(k) + 1.5 - size) / size;
        values[k * Lanes.COUNT + lane] = (float) (2 * place);
      }
    }
  }
}
