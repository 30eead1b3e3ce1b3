package dev.featuremap.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneClusterIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void runsAJobInTwoExecutorsAndLeavesNoProcessBehind() throws Exception {
    List<Long> executors;
    try (StandaloneCluster cluster = StandaloneCluster.start(directory);
        SubmittedJob job = probe(cluster).start("5000")) {
      executors = executorsOf(cluster);
      assertThat(executors).hasSize(2);
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output()).contains("running on " + cluster.masterUrl(), "sum 25");
    }
    assertThat(executors).noneMatch(StandaloneClusterIT::lives);
  }

  @Test
  void finishesTheJobWhenAnExecutorIsKilled() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(directory);
        SubmittedJob job = probe(cluster).start("5000")) {
      ProcessHandle.of(executorsOf(cluster).get(0)).orElseThrow().destroyForcibly();
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output()).contains("sum 25");
    }
  }

  private SubmittedJob.Submission probe(StandaloneCluster cluster) {
    return SubmittedJob.in(directory.resolve("job"))
        .onTestClassPath(SubmittedJobProbe.class)
        .light()
        .master(cluster.masterUrl())
        .conf("spark.executor.memory", "512m")
        .conf("spark.executor.extraJavaOptions", String.join(" ", EmbeddedSpark.LIGHT))
        .conf(
            "spark.executor.extraClassPath",
            Path.of("target", "test-classes").toAbsolutePath().toString());
  }

  /** Waits for both executors. */
  private static List<Long> executorsOf(StandaloneCluster cluster) throws InterruptedException {
    for (int attempt = 0; attempt < 1800 && cluster.executorPids().size() < 2; attempt++) {
      Thread.sleep(100);
    }
    return cluster.executorPids();
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
