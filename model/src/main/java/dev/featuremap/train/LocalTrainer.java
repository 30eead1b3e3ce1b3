package dev.featuremap.train;

import dev.featuremap.data.ClassCounts;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.NetworkPlan;
import java.util.Arrays;
import java.util.List;

/** Trains on one shard, without Spark: the reference for everything distributed. */
public final class LocalTrainer {
  private final NetworkPlan plan;
  private final TrainingSpec training;
  private final Worker worker;
  private final int stepsPerEpoch;

  /** A trainer of one worker; the specification's number of workers plays no part. */
  public LocalTrainer(
      NetworkPlan plan, TrainingSpec training, Kernels kernels, Shard shard, Team team) {
    this.plan = training.rules().over(plan);
    long[] images = Arrays.stream(ClassCounts.of(shard)).asLongStream().toArray();
    this.training = training.counting(images, List.of(), plan.classes());
    this.worker = new Worker(0, this.plan, this.training, kernels, shard, team);
    this.stepsPerEpoch = Round.stepsPerEpoch(shard.size(), training.batchSize());
  }

  /** The network as it is trained, with the values of what is frozen once training has begun. */
  public NetworkPlan plan() {
    return plan;
  }

  /** Trains all epochs and returns the final state; its first part is the parameters. */
  public float[] train() {
    float[] state = training.initialState(plan);
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      state = trainEpoch(state, epoch).vector();
    }
    return state;
  }

  /** Trains one epoch from {@code state}, which is not changed. */
  public WorkerResult trainEpoch(float[] state, int epoch) {
    return worker.run(state, Round.ofEpoch(epoch, stepsPerEpoch, SyncRule.EPOCH).get(0));
  }
}
