package dev.featuremap.job.it;

import static dev.featuremap.job.testing.TrainingRuns.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.Recovery;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class TwoDriversIT {
  private static final int EPOCHS = 4;

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void shutOutTheOlderOneAndFinishTheRun() throws Exception {
    TrainingRuns runs = TrainingRuns.in(directory, 10_000, EPOCHS, "epoch");
    RunResult undisturbed = runs.finish("undisturbed", submission -> submission);

    try (SubmittedJob older = runs.start("shared", submission -> submission)) {
      older.awaitText("epoch 1/" + EPOCHS, LIMIT);
      // As long as the newer one needs to start, however slow the machine is.
      older.pause();
      try (SubmittedJob newer =
          runs.start("shared", submission -> submission.jvmOption("-XX:MaxVectorSize=16"))) {
        newer.awaitText("resumes after epoch", LIMIT);
        older.goOn();
        assertThat(older.waitFor(LIMIT)).as(older.errors()).isEqualTo(75);
        assertThat(older.errors())
            .contains("featuremap: Cannot publish a checkpoint", "Another driver has taken the run")
            .doesNotContain("\tat ");
        assertThat(newer.waitFor(LIMIT)).as(newer.errors()).isZero();
      }
    }

    assertThat(runs.result("shared").parametersSha256()).isEqualTo(undisturbed.parametersSha256());
    assertThat(Set.of(runs.result("shared").kernels().split(", ")))
        .isEqualTo(new HashSet<>(List.of(undisturbed.kernels(), "vector/4 lanes")));
    assertThat(runs.metrics("shared")).isEqualTo(runs.metrics("undisturbed"));
    assertThat(runs.status("shared").state()).isEqualTo(RunStatus.State.FINISHED);
    Optional<Recovery> stored =
        CheckpointStore.of(runs.files("shared").root(), new Configuration()).newest();
    assertThat(stored).hasValueSatisfying(recovery -> assertThat(recovery.skipped()).isEmpty());
    assertThat(stored.orElseThrow().checkpoint().epoch()).isEqualTo(EPOCHS);
  }
}
