package dev.featuremap.job.training.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.JobDescriptions;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real runs that would be long if they did not stop early. */
class RunProbeTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;

  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void writeDigits() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("early-stopping.patience", 1)
            .with("early-stopping.min-delta", 1);
  }

  @ParameterizedTest
  @CsvSource({"epoch, none", "2 steps, slowmo", "1 step, none"})
  void estimatesALongRunAndLeavesItsBitsAlone(String every, String outer) {
    SmallRun rule = run.with("sync.every", every).with("sync.outer.type", outer);
    RunResult brief = rule.with("run-id", "brief " + every).with("train.epochs", 2).train();
    SmallRun endless = rule.with("run-id", "endless " + every).with("train.epochs", 1_000_000);
    SPARK.set("spark.extraListeners", JobDescriptions.class.getName());
    JobDescriptions.take();

    RunResult result = endless.train(said);

    assertThat(JobDescriptions.take()).contains("estimate · steps", "estimate · round of no steps");
    assertThat(said.toString()).contains("estimate: rounds of an epoch ");
    assertThat(result.estimate().compute()).isPositive();
    assertThat(result.estimate().schedule()).isPositive();
    assertThat(result.epochs()).isEqualTo(2);
    assertThat(result.parametersSha256()).isEqualTo(brief.parametersSha256());
  }

  @Test
  void measuresNothingBeforeAShortRun() {
    RunResult result = run.with("run-id", "short").with("train.epochs", 2).train(said);

    assertThat(said.toString()).doesNotContain("estimate");
    assertThat(result.estimate().compute()).isNaN();
  }
}
