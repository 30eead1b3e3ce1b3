package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
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

/** The head by inverse weights, on features that are kept; then all of it by a focal loss. */
class ClassWeightsRunTest {
  private static final String STAGES =
      "[{ epochs = 1, freeze = [\"*\", \"!fc\"], class-weights = inverse },"
          + " { epochs = 1, class-weights { \"3\" = 5 }, loss.type = focal, augment.mixup = 0.2 }]";

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun weighted;
  private static RunResult result;
  private static final StringWriter SAID = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    weighted =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with(
                "network",
                "{ input { shape = [1, 28, 28], mean = 0.13, deviation = 0.31 }, layers = ["
                    + " { type = convolution, name = stem, feature-maps = 4, field = 5, stride = 2 },"
                    + " { type = relu }, { type = fully-connected, name = fc, outputs = 10 } ] }")
            .with("sync.every", "3 steps")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100)
            .with("run-id", "weighted")
            .with("train.stages", STAGES);
    result = weighted.train(SAID);
  }

  @Test
  void saysTheWeightsOfEachStage() {
    assertThat(SAID.toString().lines())
        .anyMatch(line -> line.matches("class weights \\(inverse\\): 0 [01]\\.\\d+, 1 .*, 9 .*"))
        .anyMatch(line -> line.matches("class weights \\(given\\): 0 0\\.7\\d+, .* 3 3\\.\\d+, .*"))
        .anyMatch(line -> line.startsWith("features of 2 layers are kept"));
  }

  @ParameterizedTest
  @CsvSource({"2", "5"})
  void resumesFromAnyStageToTheSameBits(int checkpoints) {
    SmallRun again = weighted.with("run-id", "resumed-" + checkpoints);
    again.train();
    RunFolder.of(again.directory()).rewind(checkpoints);

    assertThat(again.train().parametersSha256()).isEqualTo(result.parametersSha256());
  }

  @ParameterizedTest
  @CsvSource({"local[1], pixels", "local[4], encoded"})
  void givesTheSameBitsOnEveryTopology(String master, String keep) {
    SPARK.set("spark.master", master);

    RunResult other = weighted.with("run-id", "on-" + keep).with("data.keep", keep).train();

    assertThat(other.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(other.testLoss()).isEqualTo(result.testLoss());
  }

  /** The sum of all gradients, each image weighted, over their number. */
  @Test
  void sharesGradientsToTheBitsOfOneWorker() {
    SmallRun alone =
        weighted.with("run-id", "alone").with("train.workers", 1).with("sync.every", "epoch");
    SmallRun shared = alone.with("run-id", "shared").with("sync.every", "1 step");

    assertThat(shared.train().parametersSha256()).isEqualTo(alone.train().parametersSha256());
  }

  @Test
  void otherWeightsAreAnotherRun() {
    assertThatThrownBy(() -> weighted.with("train.class-weights", "inverse").train())
        .hasMessageContaining("train.class-weights: was \"none\", is \"inverse\"");
  }

  @Test
  void refusesAClassThatDoesNotExistBeforeTheRunBegins() {
    SmallRun wrong =
        weighted
            .with("run-id", "wrong")
            .with("train.stages", "[]")
            .with("train.class-weights", "{ three = 5 }");

    assertThatThrownBy(wrong::train)
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "Cannot use train.class-weights: no class is called \"three\". The images have 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.");
    assertThat(Path.of(wrong.directory().root().toUri().getPath())).doesNotExist();
  }
}
