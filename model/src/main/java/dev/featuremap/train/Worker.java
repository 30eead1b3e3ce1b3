package dev.featuremap.train;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * Trains on one shard. A round is a pure function of (state, shard, seed, round): what an instance
 * holds is scratch.
 */
public final class Worker {
  private final int index;
  private final TrainingSpec training;
  private final Kernels kernels;
  private final Shard shard;
  private final StateLayout layout;
  private final Network network;
  private final LaneBlock block;
  private final float[] gradient;

  /** A worker with its shard and buffers. */
  public Worker(int index, NetworkPlan plan, TrainingSpec training, Kernels kernels, Shard shard) {
    this.index = index;
    this.training = training;
    this.kernels = kernels;
    this.shard = shard;
    this.layout = plan.stateLayout(training.optimizer().slots());
    this.network = new Network(plan, kernels);
    this.block =
        new LaneBlock(plan.network().input().shape(), plan.network().input().normalization());
    this.gradient = new float[plan.parameters()];
  }

  /**
   * Takes the steps of a round.
   *
   * @param state {@code [parameters, optimizer slots]}, not changed
   */
  public WorkerResult run(float[] state, Round round) {
    EpochOrder order = EpochOrder.shuffled(training.seed(), round.epoch(), index, shard.size());
    BlockPass pass = BlockPass.training(training.seed(), round.epoch());
    LossTally tally = new LossTally();
    float[] next = round.sharesGradients() ? state : state.clone();
    Arrays.fill(gradient, 0f);
    for (int step = round.firstStep(); step < round.firstStep() + round.steps(); step++) {
      int images = addGradients(step, order, pass, next, tally);
      if (images > 0 && !round.sharesGradients()) {
        StepUpdate.apply(training, layout, next, gradient, images, round, step);
        Arrays.fill(gradient, 0f);
      }
    }
    return new WorkerResult(
        index,
        round.sharesGradients() ? gradient.clone() : next,
        tally.images(),
        tally.lossSum(),
        tally.correct(),
        kernels.name(),
        shard.sha256());
  }

  /** Adds the gradients of one mini-batch, block by block; returns its images. */
  private int addGradients(
      int step, EpochOrder order, BlockPass pass, float[] state, LossTally tally) {
    long first = (long) step * training.batchSize();
    int images = (int) Math.max(0, Math.min(training.batchSize(), shard.size() - first));
    for (int from = 0; from < images; from += Lanes.COUNT) {
      block.load(shard, order, (int) first + from, Math.min(Lanes.COUNT, images - from));
      network.addGradient(pass, state, block, gradient, tally);
    }
    return images;
  }
}
