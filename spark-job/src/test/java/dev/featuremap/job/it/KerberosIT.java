package dev.featuremap.job.it;

import static dev.featuremap.job.testing.TrainingRuns.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.KerberosHdfs;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs on an HDFS that asks for tickets. */
class KerberosIT {
  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  private static KerberosHdfs hdfs;
  private static TrainingRuns here;
  private static TrainingRuns there;

  @BeforeAll
  static void startHdfs() throws Exception {
    hdfs = KerberosHdfs.start(Files.createDirectories(directory.resolve("hdfs")));
    here = TrainingRuns.in(Files.createDirectories(directory.resolve("runs")), 1_000, 2, "5 steps");
    there = here.writtenTo(hdfs.directory(), Map.of());
  }

  @AfterAll
  static void stopHdfs() {
    hdfs.close();
  }

  @Test
  void areLetInByAKeytabAndGoOnAfterAKill() throws Exception {
    String expected = here.finish("undisturbed", submission -> submission).parametersSha256();

    try (SubmittedJob job = there.start("killed", KerberosIT::withKeytab)) {
      job.awaitText("epoch 1/2", LIMIT);
      job.kill();
    }
    try (SubmittedJob job = there.start("killed", KerberosIT::withKeytab)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output()).contains("resumes after epoch", "parameters-sha256 " + expected);
    }
  }

  @Test
  void areToldWhatIsMissingWithoutATicket() throws Exception {
    try (SubmittedJob job = there.start("stranger", hdfs::reachedBy)) {
      assertThat(job.waitFor(LIMIT)).isEqualTo(73);
      assertThat(job.errors())
          .contains("featuremap: Cannot ", "Client cannot authenticate via:[TOKEN, KERBEROS]");
    }
  }

  private static SubmittedJob.Submission withKeytab(SubmittedJob.Submission submission) {
    return hdfs.reachedBy(submission)
        .option("--principal", KerberosHdfs.PRINCIPAL)
        .option("--keytab", hdfs.keytab().toAbsolutePath().toString());
  }
}
