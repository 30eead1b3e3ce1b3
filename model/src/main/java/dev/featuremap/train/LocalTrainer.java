package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.StateLayout;

/** Trains on one shard, without Spark: the reference for everything distributed. */
public final class LocalTrainer {
  private final NetworkPlan plan;
  private final TrainingSpec training;
  private final Worker worker;
  private final int stepsPerEpoch;

  /** A trainer of one worker; the specification's number of workers plays no part. */
  public LocalTrainer(
      NetworkPlan plan, TrainingSpec training, Kernels kernels, Shard shard, Team team) {
    this.plan = plan;
    this.training = training;
    this.worker = new Worker(0, plan, training, kernels, shard, team);
    this.stepsPerEpoch = Round.stepsPerEpoch(shard.size(), training.batchSize());
  }

  /**
   * The state before the first step: initial parameters and buffers, slots that remember no step.
   */
  public static float[] initialState(NetworkPlan plan, TrainingSpec training) {
    return stateFrom(plan.initialState(training.seed(), 0), plan, training);
  }

  /**
   * The state that training starts from with these parameters, in place of random ones.
   *
   * @param model parameters, then buffers
   */
  public static float[] stateFrom(float[] model, NetworkPlan plan, TrainingSpec training) {
    StateLayout layout = plan.stateLayout(training.optimizer().slots());
    float[] state = new float[layout.size()];
    System.arraycopy(model, 0, state, 0, plan.parameters());
    System.arraycopy(model, plan.parameters(), state, layout.buffersAt(), plan.buffers());
    training.optimizer().start(state, layout);
    return state;
  }

  /** Trains all epochs and returns the final state; its first part is the parameters. */
  public float[] train() {
    float[] state = initialState(plan, training);
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
