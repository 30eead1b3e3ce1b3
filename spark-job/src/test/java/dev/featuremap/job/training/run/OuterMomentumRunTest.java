package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.RunFolder;
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

/** Runs whose driver has a memory: one epoch of every step, then two of four rounds. */
class OuterMomentumRunTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;

  @BeforeAll
  static void prepare() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("train.epochs", 3)
            .with("train.learning-rate", 0.02)
            .with("train.optimizer.momentum", 0.5)
            .with("sync.every", "3 steps")
            .with("sync.switch-epoch", 1)
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100);
  }

  @ParameterizedTest
  @CsvSource({
    "slowmo, average, 810a70aa8b672a24f414a06b45449d36bc71c8b4e2c386f363f53c3eaf49a51a",
    "slowmo, reset, 675fab6fd32a9a8a36d8e21910bb7a1da28875bcc7829e2859b63284856368a5",
    "nesterov, average, 9fe401239d306965176057384e7a137906efeaeafbef04a12b8bd150569a0da3"
  })
  void giveTheSameBitsFromAnyCheckpoint(String type, String optimizerState, String sha256) {
    SmallRun remembering =
        run.with("run-id", type + "-" + optimizerState)
            .with("sync.outer.type", type)
            .with("sync.optimizer-state", optimizerState);

    assertThat(remembering.train().parametersSha256()).isEqualTo(sha256);

    RunFolder folder = RunFolder.of(remembering.directory());
    assertThat(folder.checkpoints()).hasSize(18).contains("0-9", "1-10", "1-11", "3-18");
    for (int checkpoints : new int[] {16, 10}) {
      folder.rewind(checkpoints);
      assertThat(remembering.train().parametersSha256()).isEqualTo(sha256);
    }
  }

  @Test
  void keepAMemoryOnlyWhereTheyHaveOne() {
    SmallRun plain = run.with("run-id", "plain");
    SmallRun slowmo = run.with("run-id", "slowmo").with("sync.outer.type", "slowmo");
    plain.train();
    slowmo.train();

    assertThat(RunFolder.of(plain.directory()).checkpointFile("3-18", "outer.safetensors"))
        .doesNotExist();
    assertThat(RunFolder.of(slowmo.directory()).checkpointFile("3-18", "outer.safetensors"))
        .exists();
  }

  @Test
  void seeNoDriftBeforeTheSwitch() {
    SmallRun switching = run.with("run-id", "switching");
    switching.train();

    RunFolder folder = RunFolder.of(switching.directory());
    assertThat(folder.metric("rounds")).containsExactly("10", "14", "18");
    assertThat(Double.parseDouble(folder.metric("drift").get(0))).isZero();
    assertThat(Double.parseDouble(folder.metric("drift").get(1))).isBetween(0.01, 1.0);
  }
}
