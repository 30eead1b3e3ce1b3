package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.optimizer.Updates;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final int IMAGES = 50; // 3 steps of 20, 20 and 10

  private final Kernels kernels = KernelLookup.kernels();
  private final NetworkPlan plan =
      Specs.plan(
          """
          input { shape = [1, 8, 8] }
          layers = [
            { type = convolution, field = 3, feature-maps = 2 }
            { type = relu }
            { type = fully-connected, outputs = 4 }
          ]
          """);
  private final TrainingSpec training =
      Specs.training("batch-size = 20, optimizer { momentum = 0.9 }");
  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 8, 4, 3);
  private final Worker worker = new Worker(2, plan, training, kernels, shard, Team.alone());
  private final float[] state = training.initialState(plan);

  @Test
  void usesEveryImageOnceAnEpoch() {
    assertThat(worker.run(state, epochOf(SyncRule.EPOCH).get(0)).images()).isEqualTo(IMAGES);
    assertThat(epochOf(new SyncRule(2)).stream().map(round -> worker.run(state, round)))
        .extracting(WorkerResult::images)
        .containsExactly(40L, 10L);
  }

  @Test
  void sumsOverTheStepsOfAnEpochToTheWholeShard() {
    List<WorkerResult> steps =
        epochOf(new SyncRule(1)).stream().map(round -> worker.run(state, round)).toList();

    Evaluation whole = Evaluation.of(plan, kernels, state, shard, Team.alone());
    assertThat(steps.stream().mapToDouble(WorkerResult::lossSum).sum())
        .isCloseTo(whole.lossSum(), within(1e-9));
    assertThat((double) steps.stream().mapToLong(WorkerResult::correct).sum() / IMAGES)
        .isEqualTo(whole.accuracy());
  }

  @Test
  void augmentsAndSmoothsToTheSameBitsOnAnyThreads() {
    TrainingSpec augmented =
        Specs.training(
            "batch-size = 20, label-smoothing = 0.1, augment { shift = 1, flip = true, rotate = 9,"
                + " elastic = 1, contrast = 0.2, erase = 0.3, mixup = 0.3 }");
    Round epoch = epochOf(SyncRule.EPOCH).get(0);
    float[] alone =
        new Worker(2, plan, augmented, kernels, shard, Team.alone()).run(state, epoch).vector();

    assertThat(alone).isNotEqualTo(worker.run(state, epoch).vector());
    try (Team three = new Team(3)) {
      Worker shared = new Worker(2, plan, augmented, kernels, shard, three);
      assertThat(shared.run(state, epoch).vector()).isEqualTo(alone);
    }
  }

  @Test
  void tellsWhenItWasAtWork() {
    long before = System.nanoTime();
    WorkTime first = worker.run(state, epochOf(SyncRule.EPOCH).get(0)).time();
    WorkTime second = worker.run(state, epochOf(SyncRule.EVERY_STEP).get(0)).time();

    assertThat(first.beginNanos()).isGreaterThanOrEqualTo(before);
    assertThat(first.waitNanos()).isPositive().isLessThan(first.nanos());
    assertThat(second.beginNanos()).isGreaterThanOrEqualTo(first.endNanos());
    assertThat(second.waitNanos()).isPositive().isLessThan(second.nanos());
  }

  @Test
  void leavesTheStateAsItWas() {
    float[] before = state.clone();

    for (SyncRule rule : List.of(SyncRule.EPOCH, new SyncRule(1))) {
      worker.run(state, epochOf(rule).get(0));
      assertThat(state).isEqualTo(before);
    }
  }

  @Test
  void givesTheSameBitsAgain() {
    Round epoch = epochOf(SyncRule.EPOCH).get(0);
    float[] first = worker.run(state, epoch).vector();

    worker.run(first, Round.ofEpoch(5, 3, new SyncRule(1)).get(1));

    assertThat(worker.run(state, epoch).vector()).isEqualTo(first);
    assertThat(
            new Worker(2, plan, training, kernels, shard, Team.alone()).run(state, epoch).vector())
        .isEqualTo(first);
  }

  @Test
  void continuesWhereTheRoundBeforeEnded() {
    float[] joined = worker.run(state, epochOf(SyncRule.EPOCH).get(0)).vector();

    float[] stepwise = state;
    for (Round round : epochOf(new SyncRule(2))) {
      stepwise = worker.run(stepwise, round).vector();
    }

    assertThat(stepwise).isEqualTo(joined);
  }

  @Test
  void visitsItsShardInItsOwnOrder() {
    Round epoch = epochOf(SyncRule.EPOCH).get(0);

    assertThat(
            new Worker(1, plan, training, kernels, shard, Team.alone()).run(state, epoch).vector())
        .isNotEqualTo(worker.run(state, epoch).vector());
  }

  @Test
  void reportsItselfItsKernelsAndTheDigestOfItsShard() {
    WorkerResult result = worker.run(state, epochOf(SyncRule.EPOCH).get(0));

    assertThat(result.worker()).isEqualTo(2);
    assertThat(result.kernels()).isEqualTo(kernels.name());
    assertThat(result.shardSha256()).isEqualTo(shard.sha256());
  }

  @Test
  void takesAnEmptyLastStepWhenItsShardIsSmallerThanTheLargest() {
    float[] afterTwo = smallWorker().run(state, new Round(0, 0, 0, 2, 3, false, false)).vector();

    WorkerResult afterThree = smallWorker().run(state, new Round(0, 0, 0, 3, 3, false, false));
    WorkerResult third = smallWorker().run(state, new Round(0, 1, 2, 1, 3, false, false));

    assertThat(afterThree.vector()).isEqualTo(afterTwo);
    assertThat(afterThree.images()).isEqualTo(40);
    assertThat(third.vector()).isEqualTo(state);
    assertThat(third.images()).isZero();
    assertThat(third.lossSum()).isZero();
  }

  @Test
  void sharesZerosInAnEmptyStep() {
    Worker small = smallWorker();
    small.run(state, new Round(0, 0, 0, 1, 3, true, false));

    WorkerResult third = small.run(state, new Round(0, 2, 2, 1, 3, true, false));

    assertThat(third.vector()).hasSize(plan.parameters()).containsOnly(0f);
    assertThat(third.images()).isZero();
  }

  @Test
  void sharesTheSumOfGradientsNotTheirMean() {
    TrainingSpec single = Specs.training("batch-size = 20, learning-rate = 1");
    Worker sharing = new Worker(0, plan, single, kernels, shard, Team.alone());
    float[] parameters = Arrays.copyOf(state, plan.parameters());

    float[] sum = sharing.run(parameters, new Round(0, 0, 0, 1, 3, true, false)).vector();
    float[] next = sharing.run(parameters, new Round(0, 0, 0, 1, 3, false, false)).vector();

    for (int k = 0; k < sum.length; k++) {
      assertThat(next[k]).isCloseTo(parameters[k] - sum[k] / 20, within(1e-6f));
    }
  }

  @Test
  void startsARoundAfterAResetLikeAFreshOptimizer() {
    TrainingSpec adam = Specs.training("batch-size = 20, optimizer { type = adam }");
    Worker learner = new Worker(0, plan, adam, kernels, shard, Team.alone());
    StateLayout layout = plan.stateLayout(adam.optimizer().slots());
    Round first = new Round(0, 0, 0, 1, 3, false, true);
    Round second = new Round(0, 1, 1, 1, 3, false, true);
    float[] trained = adam.initialState(plan);
    RoundReduction reduction = new RoundReduction(adam, layout, OuterMomentum.NONE);
    JoinedVector joined =
        JoinedVector.of(first, trained, plan.parameters(), List.of(learner.run(trained, first)));
    trained = reduction.nextState(trained, new float[0], joined, 20, first).state();

    float[] expected = Arrays.copyOf(Arrays.copyOf(trained, plan.parameters()), layout.size());
    float[] gradient = learner.run(expected, new Round(0, 1, 1, 1, 3, true, false)).vector();
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] *= 1f / 20;
    }
    Updates.once(adam.optimizer(), expected, layout, gradient, adam.learningRate(), 1);

    assertThat(learner.run(trained, second).vector()).isEqualTo(expected);
  }

  private Worker smallWorker() {
    return new Worker(
        2, plan, training, kernels, SyntheticDigits.shard(0, 40, 8, 4, 3), Team.alone());
  }

  private List<Round> epochOf(SyncRule rule) {
    return Round.ofEpoch(0, 3, rule);
  }

  @Test
  void returnsBuffersBehindSharedGradientsEvenWithoutImages() {
    NetworkPlan norm =
        Specs.plan(
            "input { shape = [1, 8, 8] }, layers = [ { type = batch-norm }"
                + ", { type = fully-connected, outputs = 4 } ]");
    float[] model = norm.initialState(1, 0);
    Worker normalizing = new Worker(0, norm, training, kernels, shard, Team.alone());

    float[] sums = normalizing.run(model, epochOf(new SyncRule(1)).get(0)).vector();
    float[] late = normalizing.run(sums, new Round(0, 9, 9, 1, 10, true, false)).vector();

    assertThat(sums).hasSize(norm.parameters() + 2);
    assertThat(Arrays.copyOfRange(sums, norm.parameters(), sums.length)).doesNotContain(0f, 1f);
    assertThat(Arrays.copyOfRange(late, norm.parameters(), late.length))
        .isEqualTo(Arrays.copyOfRange(sums, norm.parameters(), sums.length));
    assertThat(Arrays.copyOf(late, norm.parameters())).containsOnly(0f);
  }
}
