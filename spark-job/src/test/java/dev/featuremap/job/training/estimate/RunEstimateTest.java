package dev.featuremap.job.training.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.SyncRule;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RunEstimateTest {
  private static final Offset<Double> ROUNDING = within(1e-9);

  /** 1,000 steps of 10 images for 5 workers, 200 each; a step of 8 ms and 2 ms of waiting. */
  private final RunEstimate run =
      new RunEstimate(10_000, 10, 5, 4, new SyncRule(16), 0.008, 0.002, 0.01, 0.03);

  @Test
  void givesEachCoreItsShareAndTheLastTurnItsIdleCores() {
    EpochTimes epoch = run.epoch();

    // 1,000 steps on 4 cores are 250 each; two turns of 200 take as long as 400.
    assertThat(run.stepsPerEpoch()).isEqualTo(200);
    assertThat(run.turns()).isEqualTo(2);
    assertThat(epoch.compute()).isCloseTo(2, ROUNDING);
    assertThat(epoch.waiting()).isCloseTo(0.5, ROUNDING);
    assertThat(epoch.imbalance()).isCloseTo(1.5, ROUNDING);
  }

  @Test
  void chargesEachRound() {
    // 200 steps in rounds of 16 are 13 rounds.
    assertThat(run.rounds()).isEqualTo(13);
    assertThat(run.epoch().reduce()).isCloseTo(0.13, ROUNDING);
    assertThat(run.epoch().schedule()).isCloseTo(0.39, ROUNDING);
    assertThat(run.seconds()).isCloseTo(4.52, ROUNDING);
    assertThat(run.overhead()).isCloseTo(0.52 / 4.52, ROUNDING);
    assertThat(run.trainingSecondsOfRound()).isCloseTo(4.0 / 13, ROUNDING);
    assertThat(run.with(SyncRule.EPOCH).seconds()).isCloseTo(4.04, ROUNDING);
  }

  @Test
  void countsEpochsThatShareGradientsByTheirSteps() {
    // An epoch of 200 rounds takes 4 s and 200 · 0.04 s.
    assertThat(run.seconds(3, 1)).isCloseTo(12 + 2 * 4.52, ROUNDING);
    assertThat(run.seconds(2, 3)).isCloseTo(2 * 12, ROUNDING);
  }

  @Test
  void leavesCoresWithoutAWorkerOut() {
    RunEstimate two = run.withWorkers(2);

    // 500 steps each; joining two results takes two fifths.
    assertThat(two.epoch().compute()).isCloseTo(4, ROUNDING);
    assertThat(two.epoch().imbalance()).isZero();
    assertThat(two.reduceSeconds()).isCloseTo(0.004, ROUNDING);
    assertThat(two.scheduleSeconds()).isEqualTo(0.03);
  }

  @Test
  void chargesMoreForMoreWorkers() {
    assertThat(run.withWorkers(10).reduceSeconds()).isCloseTo(0.02, ROUNDING);
    assertThat(run.withWorkers(10).scheduleSeconds()).isCloseTo(0.06, ROUNDING);
  }

  @Test
  void knowsOneWorkerOnOneCore() {
    RunEstimate alone = run.onOneCore();

    assertThat(alone.rounds()).isEqualTo(1);
    assertThat(alone.seconds()).isCloseTo(10 + 0.002 + 0.03, ROUNDING);
  }
}
