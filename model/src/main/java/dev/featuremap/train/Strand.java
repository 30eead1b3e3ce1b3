package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.loss.LossBlocks;
import dev.featuremap.loss.LossFunction;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;

/** What one thread of a {@link BatchExecutor} works with: its fork of the network and a group. */
final class Strand {
  private final int classes;
  private final Network network;
  private final LossFunction loss;
  private final BlockGroup group;
  private final LaneBlock[] scratch;
  private final LaneBlock[] loaded;
  private final float[][] pixels;

  Strand(
      NetworkPlan plan, Kernels kernels, Network network, int groupBlocks, double labelSmoothing) {
    this.classes = plan.classes();
    this.network = network;
    this.loss = plan.network().loss().over(classes, kernels, labelSmoothing);
    this.group = new BlockGroup(groupBlocks);
    this.scratch = new LaneBlock[groupBlocks];
    this.loaded = new LaneBlock[groupBlocks];
    this.pixels = new float[groupBlocks][];
    for (int k = 0; k < groupBlocks; k++) {
      scratch[k] =
          new LaneBlock(plan.network().input().shape(), plan.network().input().normalization());
    }
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

  /** Forward, loss and backward of blocks {@code [first, first + count)} of the mini-batch. */
  void train(
      float[] parameters,
      BlockSource source,
      int first,
      int count,
      int inBatch,
      LossTally[] tallies) {
    float[][] logits = forward(parameters, source, first, count, inBatch);
    float[][] gradients = network.logitGradients();
    for (int k = 0; k < count; k++) {
      tallies[first + k].reset();
      evaluate(k, logits[k], gradients[k], tallies[first + k]);
    }
    network.backward(group, parameters, pixels);
  }

  /** Forward and loss; fills labels and predicted classes, 16 a block. */
  void evaluate(
      float[] parameters,
      BlockSource source,
      int first,
      int count,
      int inBatch,
      LossTally[] tallies,
      int[] labels,
      int[] predictions) {
    float[][] logits = forward(parameters, source, first, count, inBatch);
    for (int k = 0; k < count; k++) {
      tallies[first + k].reset();
      evaluate(k, logits[k], null, tallies[first + k]);
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        int image = (first + k) * Lanes.COUNT + lane;
        labels[image] = loaded[k].targets().classes()[lane];
        predictions[image] = LossBlocks.largest(classes, logits[k], lane);
      }
    }
  }

  private float[][] forward(
      float[] parameters, BlockSource source, int first, int count, int inBatch) {
    group.resize(count, inBatch);
    for (int k = 0; k < count; k++) {
      loaded[k] = source.block(first + k, scratch[k]);
      pixels[k] = loaded[k].pixels();
      group.pass(k).at(first + k, loaded[k].records());
    }
    return network.forward(group, parameters, pixels);
  }

  private void evaluate(int k, float[] logits, float[] gradient, LossTally tally) {
    loss.evaluate(logits, loaded[k].targets(), gradient, tally);
  }
}
