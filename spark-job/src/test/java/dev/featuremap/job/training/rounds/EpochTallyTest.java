package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochTallyTest {

  @Test
  void addsUpRoundsAndWeighsDriftByImages() {
    EpochTally tally =
        EpochTally.EMPTY
            .plus(List.of(result(0, 10, 5.0, 4), result(1, 6, 3.0, 6)), 0.5, rounds(2))
            .plus(List.of(result(0, 4, 2.0, 2), result(1, 0, 0.0, 0)), 0.25, rounds(3));

    assertThat(tally).isEqualTo(new EpochTally(10, 12, 20, 0.45, rounds(5)));
    assertThat(tally.meanLoss()).isEqualTo(0.5);
    assertThat(tally.accuracy()).isEqualTo(0.6);
    assertThat(tally.imagesPerSecond()).isEqualTo(4);
  }

  @Test
  void addsLossesInTheOrderOfWorkers() {
    EpochTally tally =
        EpochTally.EMPTY.plus(
            List.of(result(0, 1, 1e16, 0), result(1, 1, 1, 0), result(2, 1, -1e16, 0)),
            0,
            rounds(1));

    assertThat(tally.lossSum()).isEqualTo(1e16 + 1 - 1e16);
  }

  @Test
  void countsNoTimeBesidesRoundsForTheRate() {
    EpochTally tally =
        EpochTally.EMPTY
            .plus(List.of(result(0, 8, 1, 1)), 0, rounds(2))
            .plus(EpochTimes.ofCheckpoint(7));

    assertThat(tally.imagesPerSecond()).isEqualTo(4);
    assertThat(tally.times().seconds()).isEqualTo(9);
  }

  private static EpochTimes rounds(double seconds) {
    return new EpochTimes(seconds, 0, 0, 0, 0, 0, 0);
  }

  private static WorkerResult result(int worker, long images, double lossSum, long correct) {
    return new WorkerResult(
        worker, new float[0], images, lossSum, correct, "kernels", "digest", WorkTime.NONE);
  }
}
