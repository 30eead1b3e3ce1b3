package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardLayoutTest {

  @ParameterizedTest
  @CsvSource({"1,1", "10,1", "10,3", "10,10", "1003,8"})
  void givesEveryPositionOfEveryWorkerToOneRecord(int images, int workers) {
    ShardLayout layout = new ShardLayout(images, workers, 5);
    BitSet[] taken = IntStream.range(0, workers).mapToObj(w -> new BitSet()).toArray(BitSet[]::new);

    for (long record = 0; record < images; record++) {
      taken[layout.workerOf(record)].set(layout.positionOf(record));
    }

    for (int worker = 0; worker < workers; worker++) {
      assertThat(taken[worker].cardinality()).isEqualTo(layout.sizeOf(worker));
      assertThat(taken[worker].length()).isEqualTo(layout.sizeOf(worker));
    }
  }

  @Test
  void givesTheFirstWorkersOneMoreWhenTheImagesDoNotDivide() {
    ShardLayout layout = new ShardLayout(10, 4, 1);

    assertThat(IntStream.range(0, 4).map(layout::sizeOf)).containsExactly(3, 3, 2, 2);
  }

  @Test
  void dependsOnTheSeed() {
    assertThat(workers(new ShardLayout(100, 2, 1)))
        .isNotEqualTo(workers(new ShardLayout(100, 2, 2)));
    assertThat(workers(new ShardLayout(100, 2, 1))).isEqualTo(workers(new ShardLayout(100, 2, 1)));
  }

  @Test
  void refusesMoreWorkersThanImages() {
    assertRefuses(
        3,
        4,
        "Cannot share 3 images among 4 workers: each needs at least one, expected 1 to 3 workers.");
  }

  @Test
  void refusesNoWorkers() {
    assertRefuses(
        3,
        0,
        "Cannot share 3 images among 0 workers: each needs at least one, expected 1 to 3 workers.");
  }

  @Test
  void refusesShardsBeyondTheRangeOfPositions() {
    assertRefuses(
        3L << 31,
        3,
        "Cannot share 6442450944 images among 3 workers: a worker holds at most 2147483647,"
            + " expected at least 4 workers.");
    assertThat(new ShardLayout(3L << 31, 4, 1).sizeOf(3)).isEqualTo(1_610_612_736);
  }

  private static long[] workers(ShardLayout layout) {
    return LongStream.range(0, layout.images()).map(layout::workerOf).toArray();
  }

  private static void assertRefuses(long images, int workers, String message) {
    JobException failure =
        catchThrowableOfType(JobException.class, () -> new ShardLayout(images, workers, 1));
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
