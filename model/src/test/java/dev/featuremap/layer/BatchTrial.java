package dev.featuremap.layer;

import dev.featuremap.kernel.ScalarKernels;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/** One layer and a mini-batch of several blocks, with all arrays. */
final class BatchTrial {
  static final int BLOCKS = 11;

  final Layer layer;
  final float[][] outputs;
  final float[][] inputGradients;
  final float[] parameterGradient;
  private final float[] parameters;
  private final float[][] inputs;
  private final float[][] outputGradients;

  BatchTrial(LayerSpec spec, Shape input) {
    layer = spec.build(input, new LayerPlace(2, 0, BLOCKS, true), new ScalarKernels());
    int count = spec.parameters(input).stream().mapToInt(ParameterSpec::size).sum();
    parameters = random(count, 1);
    parameterGradient = random(count, 2);
    inputs = blocks(input, 3);
    outputs = blocks(spec.outputShape(input), 4);
    outputGradients = blocks(spec.outputShape(input), 5);
    inputGradients = blocks(input, 6);
  }

  void prepare(int parts) {
    for (int part = 0; part < parts; part++) {
      layer.prepare(parameters, part, parts);
    }
  }

  /** Forward and backward of a group of neighbouring blocks. */
  void pass(Layer fork, int first, int count) {
    BlockGroup group = new BlockGroup(count);
    group.resize(count, BLOCKS);
    for (int k = 0; k < count; k++) {
      long[] records = new long[Lanes.COUNT];
      Arrays.setAll(records, lane -> 100 + lane);
      group.pass(k).train(11, 3).at(first + k, records);
    }
    float[][] input = range(inputs, first, count);
    float[][] output = range(outputs, first, count);
    fork.forward(group, parameters, input, output);
    fork.backward(
        group,
        parameters,
        input,
        output,
        range(outputGradients, first, count),
        range(inputGradients, first, count));
  }

  void finish(int parts) {
    for (int part = 0; part < parts; part++) {
      layer.finishGradient(BLOCKS, parameterGradient, part, parts);
    }
  }

  private static float[][] range(float[][] blocks, int first, int count) {
    return Arrays.copyOfRange(blocks, first, first + count);
  }

  private static float[][] blocks(Shape shape, long key) {
    float[][] blocks = new float[BLOCKS][];
    Arrays.setAll(blocks, k -> random(shape.blockSize(), 100 * key + k));
    return blocks;
  }

  private static float[] random(int size, long key) {
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = 2 * CounterRandom.uniform(CounterRandom.hash(key, k)) - 1;
    }
    return values;
  }
}
