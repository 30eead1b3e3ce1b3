package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.LocalSpark;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TaskMemoryTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  @Test
  void saysWhatToDoAndLeavesSparkAlive() {
    Throwable thrown = catchThrowable(TaskMemoryTest::allocateTooMuch);

    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERNAL);
    assertThat(failure)
        .hasMessageMatching(
            "Cannot train worker 3: this process has no memory left, got a heap of [0-9,]+ MiB \\(.*\\)\\. Raise spark\\.driver\\.memory, or let fewer workers work there at once by spark\\.task\\.cpus, or lower train\\.batch-size\\.");
    assertThat(SPARK.context().parallelize(List.of(1, 2), 2).count()).isEqualTo(2);
  }

  private static void allocateTooMuch() {
    SPARK
        .context()
        .parallelize(List.of(3), 1)
        .map(worker -> TaskMemory.explain("train worker " + worker, TaskMemoryTest::tooMuch))
        .collect();
  }

  private static int tooMuch() {
    long[][] all = new long[64][];
    for (int k = 0; k < all.length; k++) {
      all[k] = new long[1 << 30];
    }
    return all.length;
  }
}
