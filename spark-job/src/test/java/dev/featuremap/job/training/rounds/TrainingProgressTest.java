package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.OuterState;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private static final EpochTally TALLY = new EpochTally(1, 2, 3, 4, EpochTimes.NONE);

  private final TrainingProgress start = TrainingProgress.start(state(1));

  @Test
  void startsBetweenEpochsWithNothingDone() {
    assertThat(start.isBetweenEpochs()).isTrue();
    assertThat(start.isBest()).isFalse();
    assertThat(start.rounds()).isZero();
    assertThat(start.history()).isEmpty();
  }

  @Test
  void isInsideItsEpochAfterARound() {
    TrainingProgress progress = start.afterRound(state(2), TALLY);

    assertThat(progress.epoch()).isZero();
    assertThat(progress.nextRound()).isEqualTo(1);
    assertThat(progress.rounds()).isEqualTo(1);
    assertThat(progress.tally()).isEqualTo(TALLY);
    assertThat(progress.state()).containsExactly(2);
    assertThat(progress.isBetweenEpochs()).isFalse();
    assertThat(progress.isBest()).isFalse();
    assertThat(start.state()).containsExactly(1);
  }

  @Test
  void countsRoundsAcrossEpochs() {
    TrainingProgress progress =
        epoch(start.afterRound(state(0), TALLY), 0.5).afterRound(state(0), TALLY);

    assertThat(progress.epoch()).isEqualTo(1);
    assertThat(progress.nextRound()).isEqualTo(1);
    assertThat(progress.rounds()).isEqualTo(2);
    assertThat(progress.history()).hasSize(1);
  }

  @Test
  void startsEachEpochWithAnEmptyTally() {
    assertThat(epoch(start.afterRound(state(0), TALLY), 0.5).tally()).isEqualTo(EpochTally.EMPTY);
  }

  @Test
  void isBestWhenNoEarlierEpochWasAsAccurate() {
    TrainingProgress first = epoch(start, 0.5);

    assertThat(first.isBest()).isTrue();
    assertThat(epoch(first, 0.5).isBest()).isFalse();
    assertThat(epoch(first, 0.6).isBest()).isTrue();
    assertThat(epoch(epoch(first, 0.6), 0.55).isBest()).isFalse();
  }

  private static OuterState state(float value) {
    return new OuterState(new float[] {value}, new float[0]);
  }

  private static TrainingProgress epoch(TrainingProgress progress, double testAccuracy) {
    return progress.afterEpoch(
        new EpochMetrics(
            progress.epoch() + 1, 1, 0.1, 1, 0.5, 1, testAccuracy, 0, 1, EpochTimes.NONE));
  }
}
