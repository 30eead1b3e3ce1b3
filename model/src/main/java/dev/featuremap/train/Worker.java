package dev.featuremap.train;

import dev.featuremap.augment.Augmenter;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPlan;
import java.util.Optional;

/**
 * Trains on one shard. A round is a pure function of (state, shard, seed, round): what an instance
 * holds is scratch.
 */
public final class Worker {
  private final int index;
  private final TrainingSpec training;
  private final Kernels kernels;
  private final Shard shard;
  private final Optional<Augmenter> augmenter;
  private final TrainingStep trainingStep;
  private final int parameters;
  private final int buffers;

  /**
   * A worker with its shard and buffers that works with the threads of {@code team}.
   *
   * @param shard of images, or of what {@link Features} are of them, which needs training without
   *     augmentation
   */
  public Worker(
      int index, NetworkPlan plan, TrainingSpec training, Kernels kernels, Shard shard, Team team) {
    this.index = index;
    this.training = training;
    this.kernels = kernels;
    this.shard = shard;
    this.augmenter = shard.holdsFeatures() ? Optional.empty() : Optional.of(augmenter(plan));
    this.trainingStep = new TrainingStep(Features.planOn(shard, plan), training, kernels, team);
    this.parameters = plan.parameters();
    this.buffers = plan.buffers();
  }

  private Augmenter augmenter(NetworkPlan plan) {
    InputSpec input = plan.spec().input();
    return new Augmenter(
        training.augmentation(), input.shape(), input.normalization(), training.seed());
  }

  /**
   * Takes the steps of a round.
   *
   * @param state {@code [parameters, optimizer slots, buffers]}, not changed; a round that shares
   *     gradients needs no slots
   */
  public WorkerResult run(float[] state, Round round) {
    long begin = System.nanoTime();
    LossTally tally = new LossTally();
    float[] vector;
    long waitNanos;
    try (ShardBlocks blocks = blocks(round)) {
      vector =
          round.sharesGradients()
              ? gradientSum(state, blocks, round, tally)
              : stateAfter(state.clone(), blocks, round, tally);
      waitNanos = blocks.waitNanos();
    }
    return new WorkerResult(
        index,
        vector,
        tally.images(),
        tally.lossSum(),
        tally.correct(),
        kernels.name(),
        shard.sha256(),
        new WorkTime("", begin, System.nanoTime(), waitNanos));
  }

  private ShardBlocks blocks(Round round) {
    EpochOrder order = EpochOrder.shuffled(training.seed(), round.epoch(), index, shard.size());
    long from = place(round.firstStep());
    long to = place(round.firstStep() + round.steps());
    return ShardBlocks.ofRound(shard, order, from, to, augmenter, round.epoch());
  }

  private float[] stateAfter(float[] state, ShardBlocks blocks, Round round, LossTally tally) {
    for (int step = round.firstStep(); step < round.firstStep() + round.steps(); step++) {
      int images = blocks.select(place(step), training.batchSize());
      if (images > 0) {
        trainingStep.run(state, blocks, images, round, step, tally);
      }
    }
    return state;
  }

  /** A round that shares gradients is one step, for which this shard may have no images left. */
  private float[] gradientSum(float[] state, ShardBlocks blocks, Round round, LossTally tally) {
    int images = blocks.select(place(round.firstStep()), training.batchSize());
    if (images > 0) {
      return trainingStep.gradient(state, blocks, images, round.epoch(), tally).clone();
    }
    float[] nothing = new float[parameters + buffers];
    System.arraycopy(state, state.length - buffers, nothing, parameters, buffers);
    return nothing;
  }

  /** Where in the epoch's order the mini-batch of a step begins. */
  private long place(int step) {
    return (long) step * training.batchSize();
  }
}
