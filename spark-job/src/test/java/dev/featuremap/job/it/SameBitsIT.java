package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.Jdks;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same data and settings give the same parameters, bit for bit, however they are trained. */
class SameBitsIT {
  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  private static TrainingRuns runs;
  private static RunResult reference;

  @BeforeAll
  static void trainTheReference() throws Exception {
    runs = TrainingRuns.in(directory, 1_000, 2, "5 steps");
    reference = runs.finish("reference", local -> local);
  }

  @Test
  void comeFromVectorKernelsWhereNobodyAsksForOthers() {
    assertThat(reference.kernels()).matches("vector/(2|4|8|16) lanes");
  }

  @Test
  void comeFromASecondRun() throws Exception {
    assertSameBits(runs.finish("again", local -> local));
  }

  @Test
  void comeFromASingleCore() throws Exception {
    assertSameBits(runs.finish("one-core", submission -> submission.master("local[1]")));
  }

  /** Mini-batches of 40 images are three blocks, which two threads share. */
  @Test
  void comeFromTwoThreadsATask() throws Exception {
    assertSameBits(
        runs.finish("two-threads", submission -> submission.conf("spark.task.cpus", "2")));
  }

  @Test
  void comeFromScalarKernels() throws Exception {
    RunResult scalar =
        runs.finish("scalar", submission -> submission.jvmOption("-Dfeaturemap.kernels=scalar"));

    assertThat(scalar.kernels()).isEqualTo("scalar");
    assertSameBits(scalar);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void comeFromNarrowerVectors(int bytes) throws Exception {
    int widest = Integer.parseInt(reference.kernels().replaceAll("\\D", ""));

    RunResult narrow =
        runs.finish(
            "bytes-" + bytes, submission -> submission.jvmOption("-XX:MaxVectorSize=" + bytes));

    assertThat(narrow.kernels())
        .isEqualTo("vector/%d lanes".formatted(Math.min(bytes / Float.BYTES, widest)));
    assertSameBits(narrow);
  }

  @Test
  void comeFromEveryJdk() throws Exception {
    SortedMap<Integer, Path> others = Jdks.others();
    assumeFalse(others.isEmpty(), "The machine has no other JDK from version 17 on.");

    for (Map.Entry<Integer, Path> jdk : others.entrySet()) {
      assertSameBits(
          runs.finish("jdk-" + jdk.getKey(), submission -> submission.jdk(jdk.getValue())));
    }
  }

  private static void assertSameBits(RunResult result) throws Exception {
    assertThat(result.parametersSha256()).isEqualTo(reference.parametersSha256());
    assertThat(runs.metrics(result.runId().text())).isEqualTo(runs.metrics("reference"));
  }
}
