package dev.featuremap.bench;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.Sgd;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.tensor.Lanes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Featuremap itself. */
public final class FeaturemapTrainer implements Trainer {
  private final int batchSize;
  private final Network network;
  private final StateLayout layout;
  private final Sgd sgd = new Sgd(0, false, 0);
  private final BlockPass pass = BlockPass.training(0, 0);
  private final LaneBlock[][] batches;
  private final float[] parameters;
  private final float[] gradient;
  private long steps;

  /** Loads the workload. */
  public FeaturemapTrainer(Workload workload) {
    if (workload.threads() != 1) {
      throw new IllegalArgumentException(
          "Cannot train with several threads: a network is trained by one, got %d."
              .formatted(workload.threads()));
    }
    NetworkPlan plan = workload.plan();
    batchSize = workload.batchSize();
    network = new Network(plan, KernelLookup.kernels());
    layout = plan.stateLayout(sgd.slots());
    parameters = workload.parameters();
    gradient = new float[plan.parameters()];
    batches = load(workload);
  }

  /** Serves a trainer. */
  public static void main(String[] args) throws IOException {
    TrainerServer.serve(FeaturemapTrainer::new);
  }

  private static LaneBlock[][] load(Workload workload) {
    Shard shard = new Shard(List.of(workload.chunk()));
    int size = workload.batchSize();
    LaneBlock[][] batches = new LaneBlock[workload.batches()][];
    for (int batch = 0; batch < batches.length; batch++) {
      batches[batch] = new LaneBlock[(size + Lanes.COUNT - 1) / Lanes.COUNT];
      for (int index = 0; index < batches[batch].length; index++) {
        int from = index * Lanes.COUNT;
        batches[batch][index] =
            workload.block(shard, batch * size + from, Math.min(Lanes.COUNT, size - from));
      }
    }
    return batches;
  }

  @Override
  public double lossAndGradient(float[] mean) {
    LossTally tally = addGradients(0);
    System.arraycopy(gradient, 0, mean, 0, mean.length);
    Arrays.fill(gradient, 0f);
    return tally.meanLoss();
  }

  @Override
  public void step(int batch) {
    addGradients(batch);
    sgd.update(parameters, layout, gradient, Workload.LEARNING_RATE, ++steps);
    Arrays.fill(gradient, 0f);
  }

  private LossTally addGradients(int batch) {
    LossTally tally = new LossTally();
    for (LaneBlock block : batches[batch]) {
      network.addGradient(pass, parameters, block, gradient, tally);
    }
    float scale = 1f / batchSize;
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] *= scale;
    }
    return tally;
  }
}
