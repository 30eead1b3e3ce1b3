package dev.featuremap.job.it;

import static dev.featuremap.job.testing.TrainingRuns.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a standalone cluster, whose executors are processes of their own. */
class ClusterRunIT {
  /** Within a round, which takes seconds, and after the tasks of the one before. */
  private static final long INTO_THE_ROUND_MILLIS = 300;

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  private static StandaloneCluster cluster;
  private static TrainingRuns longer;

  @BeforeAll
  static void startCluster() throws Exception {
    longer = TrainingRuns.in(directory.resolve("longer"), 30_000, 3, "epoch");
    longer.finish("undisturbed", submission -> submission);
    cluster = StandaloneCluster.start(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void loseARetryAndNothingElseWhenAnExecutorIsKilled() throws Exception {
    loseAnExecutor("killed", submission -> cluster.submit(submission, ""));
  }

  /** A quarter of 2 MiB is less than the states of two workers, of 270 kB each with Adam. */
  @Test
  void giveTheSameBitsWhenExecutorsJoinSlicesAndOneIsKilled() throws Exception {
    loseAnExecutor(
        "sliced",
        submission -> cluster.submit(submission, "").conf("spark.driver.maxResultSize", "2m"));
  }

  private static void loseAnExecutor(String name, UnaryOperator<SubmittedJob.Submission> how)
      throws Exception {
    try (SubmittedJob job = longer.start(name, how)) {
      job.awaitText("epoch 1/3", LIMIT);
      Thread.sleep(INTO_THE_ROUND_MILLIS);
      long executor = cluster.executorPids().get(0);
      ProcessHandle.of(executor).orElseThrow().destroyForcibly();
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.errors()).contains("Lost task");
    }

    assertThat(longer.result(name).parametersSha256())
        .isEqualTo(longer.result("undisturbed").parametersSha256());
    // Loss and accuracy are sums over the images of an epoch: one image twice would change them.
    assertThat(longer.metrics(name)).hasSize(3).isEqualTo(longer.metrics("undisturbed"));
    assertThat(longer.status(name).state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(longer.status(name).attempt()).isEqualTo(1);
    assertThat(TrainingRuns.local(longer.files(name).report()))
        .content()
        .contains("\"1 executor lost, ");
  }
}
