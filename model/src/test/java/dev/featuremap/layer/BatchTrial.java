package dev.featuremap.layer;

import dev.featuremap.kernel.UsedScratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
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
    int buffers = LayerTrial.sizeOf(spec.buffers(input));
    int count = LayerTrial.sizeOf(spec.parameters(input)) + buffers;
    layer =
        spec.build(
            input,
            new LayerPlace(2, 0, buffers, BLOCKS, true, UsedScratch.create()),
            new ScalarKernels());
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

  /** Neighbouring blocks that a fork of the layer takes together. */
  record Share(Layer fork, int first, int count) {}

  /** Forward and backward of all shares, in their order. */
  void run(Share... shares) {
    for (Share share : shares) {
      if (share.fork instanceof BarrierLayer norm) {
        norm.collect(group(share), range(inputs, share));
      }
    }
    if (layer instanceof BarrierLayer norm) {
      norm.combine(parameters, BLOCKS);
    }
    for (Share share : shares) {
      share.fork.forward(group(share), parameters, range(inputs, share), range(outputs, share));
    }
    for (Share share : shares) {
      if (share.fork instanceof BarrierLayer norm) {
        norm.collectGradient(
            group(share), range(inputs, share), range(outputGradients, share), false);
      }
    }
    if (layer instanceof BarrierLayer norm) {
      norm.combineGradient(parameters, BLOCKS);
    }
    for (Share share : shares) {
      share.fork.backward(
          group(share),
          parameters,
          range(inputs, share),
          range(outputs, share),
          range(outputGradients, share),
          range(inputGradients, share));
    }
  }

  private static BlockGroup group(Share share) {
    int first = share.first;
    int count = share.count;
    BlockGroup group = new BlockGroup(count);
    group.resize(count, BLOCKS);
    for (int k = 0; k < count; k++) {
      long[] records = new long[Lanes.COUNT];
      Arrays.setAll(records, lane -> 100 + lane);
      group.pass(k).train(11, 3).at(first + k, Lanes.COUNT, records);
    }
    return group;
  }

  void finish(int parts) {
    for (int part = 0; part < parts; part++) {
      layer.finishGradient(BLOCKS, parameterGradient, part, parts);
    }
  }

  private static float[][] range(float[][] blocks, Share share) {
    return Arrays.copyOfRange(blocks, share.first, share.first + share.count);
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
