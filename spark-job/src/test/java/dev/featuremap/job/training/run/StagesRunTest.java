package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

/** The head first, then all but the stem at a lower rate: one run, or one run after the other. */
class StagesRunTest {
  private static final String HEAD = "freeze = [\"*\", \"!fc\"], learning-rate = 0.01";
  private static final String REST =
      "freeze = [stem], rates { hidden = 0.1 }, learning-rate = 0.005, ema-decay = 0.8, optimizer.type = adamw";

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun staged;
  private static RunResult result;
  private static final StringWriter SAID = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    staged =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with(
                "network",
                "{ input { shape = [1, 28, 28], mean = 0.13, deviation = 0.31 }, layers = ["
                    + " { type = convolution, name = stem, feature-maps = 4, field = 5, stride = 2 },"
                    + " { type = batch-norm, name = bn }, { type = relu },"
                    + " { type = fully-connected, name = hidden, outputs = 20 }, { type = relu },"
                    + " { type = fully-connected, name = fc, outputs = 10 } ] }")
            .with("train.optimizer.type", "adam")
            .with("sync.every", "3 steps")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100)
            .with("run-id", "staged")
            .with("train.stages", "[{ epochs = 1, %s }, { epochs = 2, %s }]".formatted(HEAD, REST));
    result = staged.train(SAID);
  }

  @Test
  void saysWhatEachStageTrains() {
    assertThat(SAID.toString().lines())
        .contains(
            "stage 1 of 2, from epoch 1: 1 epoch, learning rate 0.01, 11,862 parameters, 210 of them trained",
            "stage 2 of 2, from epoch 2: 2 epochs, learning rate 0.005, 11,862 parameters, 11,758 of them trained",
            "3 epochs, 2 workers of batch 32, averaged every 3 steps",
            "features of 5 layers are kept: 1 MB; computed once for each image",
            "features of 1 layer are kept: 2 MB; computed once for each image");
    assertThat(RunFolder.of(staged.directory()).checkpoints())
        .containsExactlyInAnyOrder(
            "0-1", "0-2", "0-3", "1-4", "1-5", "1-6", "1-7", "2-10", "2-8", "2-9", "2-11", "3-12");
    assertThat(RunFolder.of(staged.directory()).metric("learning-rate"))
        .containsExactly("0.01", "0.005", "0.005");
    assertThat(RunFolder.of(staged.directory()).text("report.html")).contains("2 of 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5, 9})
  void resumesFromAnyStageToTheSameBits(int checkpoints) {
    SmallRun again = staged.with("run-id", "resumed-" + checkpoints);
    again.train();
    RunFolder.of(again.directory()).rewind(checkpoints);

    RunResult resumed = again.train();

    assertThat(resumed.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(resumed.testLoss()).isEqualTo(result.testLoss());
  }

  /** The next stage starts from the end of the one before, whatever checkpoints are due. */
  @Test
  void keepsTheEndOfAStageToGoOnFrom() {
    SmallRun sparse = staged.with("run-id", "sparse").with("checkpoint.every-rounds", 1000);

    assertThat(sparse.train().parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(RunFolder.of(sparse.directory()).checkpoints()).contains("1-4");
    RunFolder.of(sparse.directory()).rewind(1);

    assertThat(sparse.train().parametersSha256()).isEqualTo(result.parametersSha256());
  }

  @Test
  void aStageOfItsOwnIsTheSameRun() {
    SmallRun one = staged.with("run-id", "one");
    SmallRun only = one.with("train.stages", "[{ epochs = 1, %s }]".formatted(HEAD));
    SmallRun plain =
        one.with("run-id", "plain")
            .with("train.stages", "[]")
            .with("train.epochs", 1)
            .with("train.learning-rate", 0.01)
            .with("train.freeze", "[\"*\", \"!fc\"]");

    assertThat(only.train().parametersSha256()).isEqualTo(plain.train().parametersSha256());
  }
}
