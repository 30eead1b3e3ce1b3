package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributedTrainerTest {
  @Test
  void stopsAtAShardThatWasBuiltFromOtherData() {
    List<WorkerResult> results = List.of(result(0, "a"), result(1, "c"));

    DistributedTrainer.checkShards(results, List.of("a", "c"));
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> DistributedTrainer.checkShards(results, List.of("a", "b")));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot go on training: shard 1 changed during the run, got digest c, expected b. Give the run data that nobody writes to.");
  }

  private static WorkerResult result(int worker, String digest) {
    return new WorkerResult(worker, new float[0], 1, 0, 0, "kernels", digest, WorkTime.NONE);
  }
}
