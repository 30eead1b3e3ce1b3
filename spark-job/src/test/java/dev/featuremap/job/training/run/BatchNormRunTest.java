package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.train.Evaluation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Running statistics travel, are averaged, published, resumed and evaluated with the rest. */
class BatchNormRunTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;
  private static RunResult result;

  @BeforeAll
  static void train() throws IOException {
    run =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with(
                "network",
                "{ input { shape = [1, 28, 28], mean = 0.13, deviation = 0.31 }, layers = ["
                    + " { type = convolution, feature-maps = 4, field = 5, stride = 2, bias = false },"
                    + " { type = batch-norm, name = bn1 }, { type = relu },"
                    + " { type = residual, layers = [ { type = convolution, feature-maps = 4,"
                    + " field = 3, padding = same }, { type = batch-norm } ] }, { type = relu },"
                    + " { type = fully-connected, outputs = 10 } ] }")
            .with("train.optimizer.momentum", 0.9)
            .with("train.learning-rate", 0.02)
            .with("sync.every", "3 steps");
    result = run.train();
  }

  @Test
  void evaluatesByTheRunningStatisticsOfTheModelFile() throws IOException {
    Evaluation evaluation = run.evaluate();

    assertThat(evaluation.loss()).isCloseTo(result.testLoss(), within(1e-12));
    assertThat(evaluation.accuracy()).isEqualTo(result.testAccuracy()).isGreaterThan(0.5);
    assertThat(runningStatistics(result)).doesNotContain(0f, 1f);
  }

  @Test
  void resumesWithTheSameStatistics() {
    SmallRun again = run.with("run-id", "resumed");
    again.train();
    RunFolder.of(again.directory()).rewind(1);

    RunResult resumed = again.train();

    assertThat(resumed.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(resumed.testLoss()).isEqualTo(result.testLoss());
  }

  @Test
  void keepsTheStatisticsWhenTheOptimizerIsReset() throws IOException {
    SmallRun reset = run.with("run-id", "reset").with("sync.optimizer-state", "reset");

    RunResult trained = reset.train();

    assertThat(trained.testAccuracy()).isGreaterThan(0.5);
    assertThat(runningStatistics(trained)).doesNotContain(0f, 1f);
  }

  @Test
  void sharesGradientsAndAveragesStatistics() throws IOException {
    SmallRun shared = run.with("run-id", "shared").with("sync.every", "1 step");
    SmallRun alone = run.with("run-id", "alone").with("train.workers", 1);

    RunResult trained = shared.train();

    assertThat(trained.testAccuracy()).isGreaterThan(0.5);
    assertThat(runningStatistics(trained)).doesNotContain(0f, 1f);
    assertThat(alone.with("run-id", "alone-shared").with("sync.every", "1 step").train())
        .extracting(RunResult::parametersSha256, RunResult::testLoss)
        .isEqualTo(List.of(alone.train().parametersSha256(), alone.train().testLoss()));
  }

  private static float[] runningStatistics(RunResult trained) throws IOException {
    Path model = Path.of(URI.create(trained.checkpoint()).getPath(), "model.safetensors");
    try (InputStream in = Files.newInputStream(model)) {
      ModelFile file = ModelFile.read(in, Files.size(model), "model");
      int parameters = file.plan().parameters();
      return Arrays.copyOfRange(file.values(), parameters, file.values().length);
    }
  }
}
