package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not, and what must, reach the parameters of a run. */
class SameBitsTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;

  @BeforeAll
  static void prepare() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("train.epochs", 1)
            .with("train.workers", 3)
            .with("train.optimizer.momentum", 0.9);
  }

  @ParameterizedTest
  @CsvSource({"epoch,average", "3 steps,average", "3 steps,reset", "1 step,average"})
  void areTheSameOnOneCoreAndOnTwo(String every, String optimizerState) {
    SmallRun synchronised =
        run.with("sync.every", every).with("sync.optimizer-state", optimizerState);

    assertThat(sha256("local[1]", synchronised)).isEqualTo(sha256("local[2]", synchronised));
  }

  @Test
  void areTheSameForPlainAndCompressedData() throws IOException {
    Path compressed = Files.createDirectory(directory.resolve("gz"));
    MnistFiles.firstDigits(compressed, SmallRun.TRAINING_IMAGES, SmallRun.TEST_IMAGES, ".gz");

    assertThat(sha256("local[2]", run.with("data.path", compressed)))
        .isEqualTo(sha256("local[2]", run));
  }

  @Test
  void changeWhenTheOptimizerForgetsAtEachRound() {
    SmallRun often = run.with("sync.every", "3 steps");

    assertThat(sha256("local[2]", often.with("sync.optimizer-state", "reset")))
        .isNotEqualTo(sha256("local[2]", often));
  }

  private static String sha256(String master, SmallRun run) {
    SPARK.set("spark.master", master);
    return run.with("run-id", "run-" + System.nanoTime()).train().parametersSha256();
  }
}
