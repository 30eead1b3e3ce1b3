package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.loss.LossBlocks;
import dev.featuremap.loss.LossFunction;
import dev.featuremap.loss.LossTally;
import dev.featuremap.loss.TrainingLoss;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;

/** What one thread of a {@link BatchExecutor} works with: its fork of the network and a group. */
final class ThreadPass {
  private final int classes;
  private final Network network;
  private final LossFunction loss;
  private final boolean severalLabels;
  private final BlockGroup group;
  private final BatchImages images;
  private final float[][] pixels;
  private final float[] probabilities;
  private float[][] evaluated;

  ThreadPass(
      NetworkPlan plan,
      Kernels kernels,
      Network network,
      int groupBlocks,
      BatchImages images,
      TrainingLoss training) {
    this.classes = plan.classes();
    this.network = network;
    this.loss = plan.spec().loss().over(classes, kernels, training);
    this.severalLabels = training.sets() != null;
    this.group = new BlockGroup(groupBlocks);
    this.images = images;
    this.pixels = new float[groupBlocks][];
    this.probabilities = new float[classes * Lanes.COUNT];
  }

  Network network() {
    return network;
  }

  void setTraining(long seed, int epoch) {
    for (int k = 0; k < group.capacity(); k++) {
      group.pass(k).train(seed, epoch);
    }
  }

  void setEvaluating() {
    for (int k = 0; k < group.capacity(); k++) {
      group.pass(k).evaluate();
    }
  }

  /** Loads blocks {@code [first, first + count)} of the mini-batch. */
  void load(BlockSource source, int first, int count) {
    for (int k = 0; k < count; k++) {
      images.load(source, first, k);
    }
  }

  /** Turns to blocks that are loaded. */
  void select(int first, int count, int inBatch) {
    group.resize(count, inBatch);
    for (int k = 0; k < count; k++) {
      LaneBlock block = images.block(first, k);
      pixels[k] = block.pixels();
      group.pass(k).at(first + k, block.images(), block.records());
    }
  }

  /** Sends the blocks through a segment before the last. */
  void forward(int segment, float[] parameters) {
    network.forward(segment, group, parameters, pixels);
  }

  /** The last segment, the losses, and back to the barrier before it. */
  void turn(float[] parameters, int first, LossTally[] tallies) {
    float[][] logits = logits(parameters);
    float[][] gradients = network.logitGradients();
    for (int k = 0; k < group.size(); k++) {
      evaluate(first, k, logits[k], gradients[k], tallies);
    }
    network.backward(network.barriers(), group, parameters, pixels);
  }

  /** Sends gradients back through a segment before the last. */
  void backward(int segment, float[] parameters) {
    network.backward(segment, group, parameters, pixels);
  }

  /** The logits {@code [classes, 16]} of each block; valid until the next call. */
  float[][] logits(float[] parameters) {
    return network.forward(network.barriers(), group, parameters, pixels);
  }

  /** What the loss makes of the logits of a block; valid until the next call. */
  float[] probabilities(float[] logits) {
    loss.probabilities(logits, probabilities);
    return probabilities;
  }

  /** Forward and loss; fills labels, predicted classes and margins, 16 a block. */
  void evaluate(
      float[] parameters,
      int first,
      LossTally[] tallies,
      int[] labels,
      int[] predictions,
      float[] margins) {
    float[][] logits = logits(parameters);
    evaluated = logits;
    for (int k = 0; k < group.size(); k++) {
      evaluate(first, k, logits[k], null, tallies);
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        int image = (first + k) * Lanes.COUNT + lane;
        labels[image] = images.block(first, k).targets().classes()[lane];
        predictions[image] = LossBlocks.largest(classes, logits[k], lane);
        margins[image] =
            severalLabels
                ? 0
                : logits[k][predictions[image] * Lanes.COUNT + lane]
                    - logits[k][labels[image] * Lanes.COUNT + lane];
      }
    }
  }

  /** What the loss makes of the logits just evaluated, by block; nothing where none are asked. */
  void probabilitiesInto(int first, float[] into) {
    for (int k = 0; k < group.size() && into.length > 0; k++) {
      float[] block = probabilities(evaluated[k]);
      System.arraycopy(block, 0, into, (first + k) * block.length, block.length);
    }
  }

  private void evaluate(int first, int k, float[] logits, float[] gradient, LossTally[] tallies) {
    LaneBlock block = images.block(first, k);
    LossTally tally = tallies[first + k];
    tally.reset();
    loss.evaluate(logits, block.targets(), gradient, tally);
  }
}
