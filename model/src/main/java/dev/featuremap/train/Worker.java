package dev.featuremap.train;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.StateLayout;

/**
 * Trains on one shard. A round is a pure function of (state, shard, seed, round): what an instance
 * holds is scratch.
 */
public final class Worker {
  private final int index;
  private final TrainingSpec training;
  private final Kernels kernels;
  private final Shard shard;
  private final ShardBlocks blocks;
  private final BatchExecutor executor;
  private final StepUpdate update;
  private final float[] gradient;

  /** A worker with its shard and buffers that works with the threads of {@code team}. */
  public Worker(
      int index, NetworkPlan plan, TrainingSpec training, Kernels kernels, Shard shard, Team team) {
    this.index = index;
    this.training = training;
    this.kernels = kernels;
    this.shard = shard;
    this.blocks = new ShardBlocks(shard);
    this.executor = BatchExecutor.training(plan, kernels, training.batchSize(), team);
    StateLayout layout = plan.stateLayout(training.optimizer().slots());
    this.update = new StepUpdate(training, layout, team);
    this.gradient = new float[plan.parameters()];
  }

  /**
   * Takes the steps of a round.
   *
   * @param state {@code [parameters, optimizer slots]}, not changed
   */
  public WorkerResult run(float[] state, Round round) {
    blocks.order(EpochOrder.shuffled(training.seed(), round.epoch(), index, shard.size()));
    LossTally tally = new LossTally();
    float[] next = round.sharesGradients() ? state : state.clone();
    for (int step = round.firstStep(); step < round.firstStep() + round.steps(); step++) {
      step(next, round, step, tally);
    }
    return new WorkerResult(
        index,
        round.sharesGradients() ? gradientSum(tally) : next,
        tally.images(),
        tally.lossSum(),
        tally.correct(),
        kernels.name(),
        shard.sha256());
  }

  private void step(float[] next, Round round, int step, LossTally tally) {
    int images = blocks.select((long) step * training.batchSize(), training.batchSize());
    if (images == 0) {
      return;
    }
    int count = BatchExecutor.blocksOf(images);
    executor.gradient(training.seed(), round.epoch(), next, blocks, count, gradient, tally);
    if (!round.sharesGradients()) {
      update.apply(next, gradient, images, round, step);
    }
  }

  /** A round that shares gradients is one step, for which this shard may have no images left. */
  private float[] gradientSum(LossTally tally) {
    return tally.images() > 0 ? gradient.clone() : new float[gradient.length];
  }
}
