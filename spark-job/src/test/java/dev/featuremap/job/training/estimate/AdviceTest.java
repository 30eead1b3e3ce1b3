package dev.featuremap.job.training.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.train.SyncRule;
import org.junit.jupiter.api.Test;

class AdviceTest {

  @Test
  void sumsAnEstimateUp() {
    RunEstimate run = run(4, 4, new SyncRule(25), 0.01);

    // 250 steps of 10 ms; 10 rounds of 20 ms and 30 ms besides.
    assertThat(Advice.summary(run, 30, 0))
        .isEqualTo(
            "rounds of an epoch 3.00 s, of which sync.every = 25 steps costs 17 % (reduce 0.20 s, schedule 0.30 s); of 30 epochs 1:30; evaluation and checkpoints come on top");
  }

  @Test
  void hasNoneForARunThatUsesItsCores() {
    assertThat(Advice.of(run(4, 4, SyncRule.EPOCH, 0.01))).isEmpty();
    assertThat(Advice.of(run(8, 4, SyncRule.EPOCH, 0.01))).isEmpty();
  }

  @Test
  void pointsOutCoresWithoutAWorker() {
    assertThat(Advice.of(run(2, 8, SyncRule.EPOCH, 0.01)))
        .containsExactly(
            "6 of 8 cores have no worker: with train.workers = 8 the rounds of an epoch would take 1.45 s instead of 5.05 s");
  }

  @Test
  void pointsOutCoresThatIdleInTheLastTurn() {
    assertThat(Advice.of(run(5, 4, SyncRule.EPOCH, 0.01)))
        .containsExactly(
            "5 workers on 4 cores take 2 turns, and 3 cores idle in the last: with train.workers = 4 the rounds of an epoch would take 2.55 s instead of 4.05 s");
  }

  @Test
  void findsRoundsThatAreLongEnough() {
    assertThat(Advice.of(run(4, 4, new SyncRule(2), 0.01)))
        .containsExactly(
            "a round trains for 20.0 ms and costs 50.0 ms besides: with sync.every = 64 steps the rounds of an epoch would take 2.70 s instead of 8.75 s");
  }

  @Test
  void averagesOnceAnEpochWhereNothingElseIsLongEnough() {
    assertThat(Advice.of(run(2, 2, SyncRule.EVERY_STEP, 0.0001)))
        .first()
        .isEqualTo(
            "a round trains for 0.1 ms and costs 50.0 ms besides: with sync.every = epoch the rounds of an epoch would take 0.10 s instead of 25.05 s");
  }

  @Test
  void saysWhenOneCoreIsFasterThanAll() {
    assertThat(Advice.of(run(4, 4, new SyncRule(2), 0.001)))
        .last()
        .isEqualTo(
            "one core is faster than 4 workers on 4: with --master local[1] and train.workers = 1 the rounds of an epoch would take 1.04 s instead of 6.50 s");
  }

  /** 1,000 steps of an epoch; a round costs 20 ms and 30 ms besides. */
  private static RunEstimate run(int workers, int cores, SyncRule every, double stepSeconds) {
    return new RunEstimate(16_000, 16, workers, cores, every, stepSeconds, 0, 0.02, 0.03);
  }
}
