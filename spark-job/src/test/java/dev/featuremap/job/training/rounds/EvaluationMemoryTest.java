package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.ShardLayout;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationMemoryTest {
  private static final long GIGABYTE = 1L << 30;

  private final EvaluationMemory gigabyte = memory(GIGABYTE, GIGABYTE, GIGABYTE, 2);

  @Test
  void manyClassesFitAHeapOfAGigabyte() {
    assertThatCode(() -> gigabyte.requireFits(10_000, layout(10_000, 2)))
        .doesNotThrowAnyException();
    assertThatCode(() -> gigabyte.requireFits(46_341, layout(10_000, 2)))
        .doesNotThrowAnyException();
    assertThatCode(() -> gigabyte.requireFits(1_000, layout(1_280_000, 256)))
        .doesNotThrowAnyException();
  }

  @Test
  void smallResultsComeByOneJob() {
    assertThat(gigabyte.groups(10, layout(10_000, 256))).hasSize(1);
    assertThat(gigabyte.groups(1_000, layout(50_000, 256))).hasSize(1);
  }

  @Test
  void largeResultsComeByAsManyJobsAsTheDriverNeeds() {
    // 16,000,000 bytes a shard, of which 15 and 5 % of overhead fit a quarter of the heap.
    List<int[]> groups = gigabyte.groups(1_000, layout(256_000_000L, 256));

    assertThat(groups).hasSize(18);
    assertThat(groups.get(0)).hasSize(15);
    assertThat(groups.stream().flatMapToInt(IntStream::of).boxed().collect(Collectors.toList()))
        .isEqualTo(IntStream.range(0, 256).boxed().toList());
  }

  @Test
  void aResultThatFillsTheShareComesAlone() {
    assertThat(memory(1_000, 1_000, 1_000, 1).groups(10, layout(8, 4))).hasSize(4);
  }

  @Test
  void refusesCountsThatDoNotFitAnExecutor() {
    EvaluationMemory small = memory(GIGABYTE, GIGABYTE, 100 << 20, 2);
    ShardLayout layout = layout(4_000_000, 4);

    assertThat(refused(small, 10_000, layout))
        .hasMessage(
            "Cannot evaluate 4,000,000 images of 10,000 classes in 4 parts: counting which class was taken for which can take 123 MiB of an executor's memory, got 100 MiB. Raise spark.executor.memory, or use fewer test images.");
  }

  @Test
  void refusesCountsThatDoNotFitTheDriver() {
    ShardLayout layout = layout(40_000_000, 400);

    assertThat(refused(gigabyte, 10_000, layout))
        .hasMessageContaining("of the driver's memory, got 1,024 MiB. Raise spark.driver.memory,");
    assertThat(refused(memory(1 << 20, GIGABYTE, GIGABYTE, 1), 10_000, layout(100_000, 2)))
        .hasMessageContaining(
            "4 MiB of a result's memory, got 1 MiB. Raise spark.driver.maxResultSize,");
  }

  private static JobException refused(EvaluationMemory memory, int classes, ShardLayout layout) {
    JobException failure =
        catchThrowableOfType(JobException.class, () -> memory.requireFits(classes, layout));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    return failure;
  }

  private static EvaluationMemory memory(
      long resultBytes, long driverBytes, long executorBytes, int tasks) {
    return new EvaluationMemory(
        new DriverMemory(resultBytes, driverBytes),
        new ExecutorMemory(executorBytes, tasks, "spark.executor.memory"));
  }

  private static ShardLayout layout(long images, int workers) {
    return new ShardLayout(images, workers, 1);
  }
}
