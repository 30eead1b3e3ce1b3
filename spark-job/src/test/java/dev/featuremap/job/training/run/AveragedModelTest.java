package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.train.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose model is the moving average of their parameters. */
class AveragedModelTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun plain;
  private static SmallRun averaged;

  @BeforeAll
  static void prepare() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    plain =
        SmallRun.of(data, directory.resolve("runs"))
            .with("train.optimizer.momentum", 0.5)
            .with("train.learning-rate", 0.02)
            .with("sync.every", "3 steps")
            .with("sync.optimizer-state", "reset")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100);
    averaged = plain.with("train.ema-decay", 0.9);
  }

  @Test
  void areEvaluatedAndExportedAsTheAverage() {
    SmallRun run = averaged.with("run-id", "exported");
    RunResult result = run.train();

    Evaluation evaluation = run.evaluate();

    assertThat(evaluation.accuracy()).isEqualTo(result.testAccuracy());
    assertThat(result.parametersSha256())
        .isNotEqualTo(plain.with("run-id", "plain").train().parametersSha256());
  }

  @Test
  void trainAsWithoutTheAverage() {
    RunFolder without = trained(plain.with("run-id", "without"));
    RunFolder with = trained(averaged.with("run-id", "with"));

    assertThat(with.metric("train-loss")).isEqualTo(without.metric("train-loss"));
    assertThat(with.metric("drift")).isEqualTo(without.metric("drift"));
    assertThat(with.metric("test-loss")).isNotEqualTo(without.metric("test-loss"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3 steps", "1 step"})
  void giveTheSameBitsFromAnyCheckpoint(String every) {
    SmallRun run = averaged.with("sync.every", every).with("run-id", "resumed-" + every.charAt(0));
    String expected = run.train().parametersSha256();
    RunFolder folder = RunFolder.of(run.directory());

    for (int checkpoints : new int[] {7, 2}) {
      folder.rewind(checkpoints);
      assertThat(run.train().parametersSha256()).isEqualTo(expected);
    }
  }

  private static RunFolder trained(SmallRun run) {
    run.train();
    return RunFolder.of(run.directory());
  }
}
