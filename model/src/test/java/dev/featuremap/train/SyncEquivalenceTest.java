package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workers joined by {@link RoundReduction}, without Spark: one worker is the local trainer bit for
 * bit, and workers that share gradients are one worker with all their batches in one.
 */
class SyncEquivalenceTest {
  private static final int WORKERS = 4;
  private static final int BATCH = 24;
  private static final int EPOCHS = 10;

  /** Update rules whose learning rates move parameters far beyond any rounding. */
  enum Rule {
    SGD("learning-rate = 0.1"),
    MOMENTUM("learning-rate = 0.1, optimizer.momentum = 0.9"),
    CLIPPED_ADAM("learning-rate = 0.01, clip-norm = 0.5, optimizer.type = adam");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    TrainingSpec training(int batchSize) {
      return Specs.training("epochs = %s, batch-size = %s, %s".formatted(EPOCHS, batchSize, text));
    }
  }

  private final Kernels kernels = KernelLookup.kernels();
  private final NetworkPlan plan =
      Specs.plan(
          """
          input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
          layers = [
            { type = convolution, field = 3, feature-maps = 4 }
            { type = tanh }
            { type = max-pool, window = 2 }
            { type = fully-connected, outputs = 10 }
          ]
          """);
  private final NetworkPlan normalizing =
      Specs.plan(
          """
          input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
          layers = [
            { type = convolution, field = 3, feature-maps = 4, bias = false }
            { type = batch-norm }
            { type = relu }
            { type = max-pool, window = 2 }
            { type = fully-connected, outputs = 10 }
          ]
          """);

  @ParameterizedTest
  @CsvSource({
    "SGD, epoch", "SGD, 3 steps", "SGD, 1 step",
    "MOMENTUM, epoch", "MOMENTUM, 3 steps", "MOMENTUM, 1 step",
    "CLIPPED_ADAM, epoch", "CLIPPED_ADAM, 3 steps", "CLIPPED_ADAM, 1 step"
  })
  void givesTheLocalTrainersBitsWithOneWorker(Rule rule, String sync) {
    TrainingSpec training = rule.training(BATCH);
    Shard shard = images(0, 110); // 5 steps an epoch, the last one of 14 images
    SyncRule syncRule = SyncRule.parse(sync).orElseThrow();

    for (NetworkPlan network : List.of(plan, normalizing)) {
      List<float[]> states = distributed(network, training, List.of(shard), syncRule);

      assertThat(states.get(EPOCHS))
          .isEqualTo(new LocalTrainer(network, training, kernels, shard, Team.alone()).train());
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void givesOneLargeBatchWhenWorkersShareGradients(Rule rule) {
    List<Shard> shards = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      shards.add(images(worker * BATCH, BATCH));
    }
    Shard whole = images(0, WORKERS * BATCH);

    List<float[]> shared = distributed(plan, rule.training(BATCH), shards, new SyncRule(1));
    List<float[]> single =
        distributed(plan, rule.training(WORKERS * BATCH), List.of(whole), SyncRule.EPOCH);

    double largestGradient = largestGradient(rule.training(WORKERS * BATCH), whole);
    assertThat(largestDifference(single.get(0), single.get(1)))
        .isGreaterThan(largestGradient / 100);
    assertThat(largestDifference(shared.get(1), single.get(1)))
        .isLessThanOrEqualTo(1e-5 * largestGradient);
    assertThat(largestDifference(shared.get(EPOCHS), single.get(EPOCHS)))
        .isLessThanOrEqualTo(1e-4 * largestGradient);
  }

  /** The state before the first epoch and after each. */
  private List<float[]> distributed(
      NetworkPlan network, TrainingSpec training, List<Shard> shards, SyncRule sync) {
    StateLayout layout = network.stateLayout(training.optimizer().slots());
    RoundReduction reduction = new RoundReduction(training, layout, OuterMomentum.NONE);
    List<Worker> workers = new ArrayList<>();
    for (Shard shard : shards) {
      workers.add(new Worker(workers.size(), network, training, kernels, shard, Team.alone()));
    }
    int steps = Round.stepsPerEpoch(shards.get(0).size(), training.batchSize());
    float[] state = training.initialState(network);
    List<float[]> states = new ArrayList<>(List.of(state));
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      for (Round round : Round.ofEpoch(epoch, steps, sync)) {
        List<WorkerResult> results = run(workers, state, round);
        JoinedVector joined = JoinedVector.of(round, state, plan.parameters(), results);
        long images = RoundReduction.images(results);
        state = reduction.nextState(state, new float[0], joined, images, round).state();
      }
      states.add(state);
    }
    return states;
  }

  private static List<WorkerResult> run(List<Worker> workers, float[] state, Round round) {
    return workers.stream().map(worker -> worker.run(state, round)).toList();
  }

  /** The largest element of the first step's mean gradient, before clipping. */
  private double largestGradient(TrainingSpec training, Shard shard) {
    Worker worker = new Worker(0, plan, training, kernels, shard, Team.alone());
    float[] state = training.initialState(plan);
    float[] sum = worker.run(state, new Round(0, 0, 0, 1, 1, true, false)).vector();
    double largest = 0;
    for (float value : sum) {
      largest = Math.max(largest, Math.abs(value) / shard.size());
    }
    return largest;
  }

  private double largestDifference(float[] first, float[] second) {
    double largest = 0;
    for (int k = 0; k < plan.parameters(); k++) {
      largest = Math.max(largest, Math.abs((double) first[k] - second[k]));
    }
    return largest;
  }

  private static Shard images(int from, int size) {
    return SyntheticDigits.shard(from, size, 12, 10, 1);
  }
}
