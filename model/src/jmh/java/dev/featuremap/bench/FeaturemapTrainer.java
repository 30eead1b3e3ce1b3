package dev.featuremap.bench;

import dev.featuremap.augment.Augmentation;
import dev.featuremap.data.BlockSource;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.loss.LossTally;
import dev.featuremap.loss.TrainingLoss;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.optimizer.Sgd;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.Team;
import dev.featuremap.train.TensorRules;
import dev.featuremap.train.TrainingSpec;
import dev.featuremap.train.TrainingStep;
import java.io.IOException;
import java.util.List;

/** Featuremap itself, as a worker of a Spark job runs it. */
public final class FeaturemapTrainer implements Trainer {
  private final int batchSize;
  private final Team team;
  private final TrainingStep training;
  private final Round round;
  private final BlockSource[] batches;
  private final float[] state;
  private final LossTally tally = new LossTally();

  /** Loads the workload, for plain gradient descent as its peers do it. */
  public FeaturemapTrainer(Workload workload) {
    this(workload, new Sgd(0, false, 0));
  }

  /** Loads the workload, for training with another optimizer. */
  FeaturemapTrainer(Workload workload, Optimizer optimizer) {
    batchSize = workload.batchSize();
    team = new Team(workload.threads());
    training =
        new TrainingStep(
            workload.plan(), specification(workload, optimizer), KernelLookup.kernels(), team);
    round = Round.ofEpoch(0, workload.batches(), SyncRule.EPOCH).get(0);
    state = workload.plan().initialState(Workload.SEED, optimizer.slots());
    float[] parameters = workload.parameters();
    System.arraycopy(parameters, 0, state, 0, parameters.length);
    batches = load(workload);
  }

  /** Serves a trainer. */
  public static void main(String[] args) throws IOException {
    TrainerServer.serve(FeaturemapTrainer::new);
  }

  private static TrainingSpec specification(Workload workload, Optimizer optimizer) {
    return new TrainingSpec(
        0,
        1,
        workload.batchSize(),
        1,
        0,
        Workload.LEARNING_RATE,
        0,
        0,
        optimizer,
        epoch -> 1,
        Augmentation.NONE,
        TrainingLoss.PLAIN,
        TensorRules.none());
  }

  private static BlockSource[] load(Workload workload) {
    Shard shard = new MemoryShard(List.of(workload.chunk()));
    int size = workload.batchSize();
    BlockSource[] batches = new BlockSource[workload.batches()];
    for (int batch = 0; batch < batches.length; batch++) {
      LaneBlock[] blocks = new LaneBlock[(size + Lanes.COUNT - 1) / Lanes.COUNT];
      for (int index = 0; index < blocks.length; index++) {
        int from = index * Lanes.COUNT;
        blocks[index] =
            workload.block(shard, batch * size + from, Math.min(Lanes.COUNT, size - from));
      }
      batches[batch] = (number, scratch) -> blocks[number];
    }
    return batches;
  }

  @Override
  public double lossAndGradient(int batch, float[] gradient) {
    LossTally loss = new LossTally();
    float[] sums = training.gradient(state, batches[batch], batchSize, 0, loss);
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] = sums[k] / batchSize;
    }
    return loss.meanLoss();
  }

  @Override
  public void step(int batch) {
    training.run(state, batches[batch], batchSize, round, batch, tally);
  }

  @Override
  public void close() {
    team.close();
  }
}
