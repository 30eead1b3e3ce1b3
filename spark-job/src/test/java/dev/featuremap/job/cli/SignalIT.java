package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SubmittedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is asked to end, by Ctrl-C or by a scheduler. */
class SignalIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir private Path directory;

  /** What Spark and Scala print when a pool of theirs closes under a running task. */
  private static final Pattern REFUSED_BY_A_CLOSED_POOL =
      Pattern.compile(
          "(?m)^(.* TaskSchedulerImpl: Exception in statusUpdate\\R)?"
              + "java\\.util\\.concurrent\\.RejectedExecutionException: .*\\R"
              + "(\\tat (?!dev\\.featuremap).*\\R)+");

  @Test
  void savesARunThatIsToldToEnd() throws Exception {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    try (SubmittedJob job =
        SubmittedJob.in(directory.resolve("job"))
            .onTestClassPath(Featuremap.class)
            .conf("spark.ui.enabled", "false")
            .start(
                "train",
                "--data=" + data,
                "--output=" + directory.resolve("runs"),
                "--run-id=stopped",
                "--set=train.epochs=100000")) {
      job.awaitText("epoch      3/100000", LIMIT);
      ProcessHandle.of(job.pid()).orElseThrow().destroy();

      assertThat(job.waitFor(LIMIT)).isEqualTo(143);
      assertThat(REFUSED_BY_A_CLOSED_POOL.matcher(job.errors()).replaceAll(""))
          .containsOnlyOnce(
              "featuremap: Cannot finish run stopped now: its process was told to end, by a signal or by Spark. It is saved as of epoch ")
          .doesNotContain("\tat ");
    }
    RunStatus status =
        RunStatus.fromJson(Files.readString(directory.resolve("runs/stopped/status.json")));
    assertThat(status.state()).isEqualTo(RunStatus.State.KILLED);
    assertThat(status.exitCode()).contains(143);
  }
}
