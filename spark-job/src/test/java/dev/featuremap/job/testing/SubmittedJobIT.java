package dev.featuremap.job.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmittedJobIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void endsWithTheExitCodeAndOutputOfTheJob() throws Exception {
    try (SubmittedJob job = submission().start("0")) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output()).contains("running on local[2]", "sum 25");
    }
  }

  @Test
  void passesOptionsToTheJvmOfTheDriver() throws Exception {
    try (SubmittedJob job = submission().jvmOption("-XX:MaxVectorSize=nonsense").start("0")) {
      assertThat(job.waitFor(LIMIT)).isEqualTo(1);
      assertThat(job.errors() + job.output()).contains("MaxVectorSize");
    }
  }

  @Test
  void isGoneAfterAKill() throws Exception {
    try (SubmittedJob job = submission().start("600000")) {
      job.awaitText("running on", LIMIT);
      job.kill();
      assertThat(job.exitCode()).isEqualTo(137);
      assertThat(job.output()).doesNotContain("sum");
    }
  }

  @Test
  void refusesToWaitForATextThatADeadJobHasNotWritten() throws Exception {
    try (SubmittedJob job = submission().start("no number")) {
      assertThatThrownBy(() -> job.awaitText("sum", LIMIT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Cannot see \"sum\"");
      assertThat(job.waitFor(LIMIT)).isNotZero();
    }
  }

  private SubmittedJob.Submission submission() {
    return SubmittedJob.in(directory).onTestClassPath(SubmittedJobProbe.class).light();
  }
}
