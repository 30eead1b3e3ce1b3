package dev.featuremap.job.it;

import static dev.featuremap.job.testing.TrainingRuns.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.run.RunResult;
import dev.featuremap.job.run.RunStatus;
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

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = StandaloneCluster.start(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void giveTheBitsOfASingleProcessAndReportTheKernelsOfTheExecutors() throws Exception {
    TrainingRuns runs = TrainingRuns.in(directory.resolve("same-bits"), 1_000, 2, "5 steps");
    RunResult local = runs.finish("local", submission -> submission);

    RunResult distributed =
        runs.finish("cluster", submission -> onCluster(submission, "-Dfeaturemap.kernels=scalar"));

    assertThat(local.kernels()).startsWith("vector/");
    assertThat(distributed.kernels()).isEqualTo("scalar");
    assertThat(distributed.parametersSha256()).isEqualTo(local.parametersSha256());
    assertThat(runs.metrics("cluster")).isEqualTo(runs.metrics("local"));
  }

  @Test
  void loseARetryAndNothingElseWhenAnExecutorIsKilled() throws Exception {
    loseAnExecutor("killed", submission -> onCluster(submission, ""));
  }

  /** A quarter of 2 MiB is less than the states of two workers, of 270 kB each with Adam. */
  @Test
  void giveTheSameBitsWhenExecutorsJoinSlicesAndOneIsKilled() throws Exception {
    loseAnExecutor(
        "sliced", submission -> onCluster(submission, "").conf("spark.driver.maxResultSize", "2m"));
  }

  private static void loseAnExecutor(String name, UnaryOperator<SubmittedJob.Submission> how)
      throws Exception {
    TrainingRuns runs = TrainingRuns.in(directory.resolve(name), 30_000, 3, "epoch");
    RunResult undisturbed = runs.finish("undisturbed", submission -> submission);

    try (SubmittedJob job = runs.start("killed", how)) {
      job.awaitText("epoch 1/3", LIMIT);
      Thread.sleep(INTO_THE_ROUND_MILLIS);
      long executor = cluster.executorPids().get(0);
      ProcessHandle.of(executor).orElseThrow().destroyForcibly();
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.errors()).contains("Lost task");
    }

    assertThat(runs.result("killed").parametersSha256()).isEqualTo(undisturbed.parametersSha256());
    // Loss and accuracy are sums over the images of an epoch: one image twice would change them.
    assertThat(runs.metrics("killed")).hasSize(3).isEqualTo(runs.metrics("undisturbed"));
    assertThat(runs.status("killed").state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(runs.status("killed").attempt()).isEqualTo(1);
    assertThat(TrainingRuns.local(runs.files("killed").report()))
        .content()
        .contains("\"1 executor lost, ");
  }

  private static SubmittedJob.Submission onCluster(
      SubmittedJob.Submission submission, String executorOption) {
    // What a killed executor cannot clean up stays where the test looks after it.
    String temporary = "\"-Djava.io.tmpdir=" + directory.toAbsolutePath() + "\"";
    return submission
        .master(cluster.masterUrl())
        .conf("spark.executor.memory", "1g")
        .conf("spark.executor.extraJavaOptions", (executorOption + " " + temporary).strip());
  }
}
