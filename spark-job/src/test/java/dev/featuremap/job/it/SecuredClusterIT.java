package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.FakeMlflow;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a cluster where only those may join who know a secret, and where all that is sent or
 * spilled is encrypted. All its secrets begin alike, so that one that is written anywhere is found.
 */
class SecuredClusterIT {
  private static final String CANARY = "canary-";

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  /** Where the secrets come from, and the only place that has them. */
  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path secrets;

  private static TrainingRuns runs;
  private static RunResult local;
  private static RunResult distributed;

  @BeforeAll
  static void train() throws Exception {
    Path events = Files.createDirectories(directory.resolve("events"));
    Path properties = secrets.resolve("spark.properties");
    Files.writeString(
        properties,
        """
        spark.authenticate true
        spark.authenticate.secret canary-of-spark
        spark.network.crypto.enabled true
        spark.io.encryption.enabled true
        spark.eventLog.enabled true
        spark.eventLog.compress false
        spark.eventLog.dir %s
        spark.hadoop.fs.s3a.access.key canary-of-s3-key
        spark.hadoop.fs.s3a.secret.key canary-of-s3
        spark.hadoop.fs.s3a.session.token canary-of-s3-token
        """
            .formatted(events.toUri()));
    runs = TrainingRuns.in(directory.resolve("same-bits"), 1_000, 2, "5 steps");
    local = runs.finish("local", submission -> submission);
    try (FakeMlflow tracker = FakeMlflow.start();
        StandaloneCluster cluster = StandaloneCluster.startWith(properties, directory)) {
      distributed =
          runs.finish(
              "cluster",
              submission -> tracked(submission, cluster),
              "--set=tracking.mlflow.uri=" + tracker.uri());
      assertThat(tracker.credentials()).isNotEmpty().doesNotContain("none");
    }
  }

  private static SubmittedJob.Submission tracked(
      SubmittedJob.Submission submission, StandaloneCluster cluster) {
    return cluster
        .submit(submission, "-Dfeaturemap.kernels=scalar")
        .environment("MLFLOW_TRACKING_TOKEN", "canary-of-mlflow")
        .environment("AWS_SECRET_ACCESS_KEY", "canary-of-aws");
  }

  @Test
  void givesTheBitsOfASingleProcessAndReportsTheKernelsOfTheExecutors() throws IOException {
    assertThat(local.kernels()).startsWith("vector/");
    assertThat(distributed.kernels()).isEqualTo("scalar");
    assertThat(distributed.parametersSha256()).isEqualTo(local.parametersSha256());
    assertThat(runs.metrics("cluster")).isEqualTo(runs.metrics("local"));
  }

  @Test
  void writesNoSecret() throws IOException {
    assertThat(secrets.resolve("spark.properties")).matches(SecuredClusterIT::hasACanary);
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> written = files.filter(Files::isRegularFile).toList();
      assertThat(written)
          .extracting(path -> path.getFileName().toString())
          .contains("job.err", "worker-1.err", "stderr", "config.conf", "report.html")
          .anyMatch(name -> name.startsWith("events_"));
      assertThat(written).noneMatch(SecuredClusterIT::hasACanary);
    }
  }

  private static boolean hasACanary(Path file) {
    try {
      // Every byte is a character of its own, so that binary files are searched as well.
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(CANARY);
    } catch (IOException e) {
      throw new AssertionError("Cannot read " + file, e);
    }
  }
}
