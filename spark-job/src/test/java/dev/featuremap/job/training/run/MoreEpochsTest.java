package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A finished run of two epochs of four rounds that shall have three, or another stage. */
class MoreEpochsTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final String STAGES = "[{}, {epochs = 1, learning-rate = 0.02, clip-norm = 1}]";

  @TempDir private static Path directory;
  private static int copies;
  private static SmallRun finished;
  private static RunResult expected;

  private SmallRun run;
  private SmallRun more;
  private RunFolder folder;
  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    finished =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("finished"))
            .with("sync.every", "3 steps")
            .with("sync.outer.type", "slowmo")
            .with("train.optimizer.momentum", 0.9)
            .with("train.schedule.type", "step")
            .with("train.schedule.step-epochs", 2)
            .with("train.schedule.warmup-epochs", 1)
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100);
    finished.train();
    expected = finished.with("run-id", "long").with("train.epochs", 3).train();
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    run = finished.with("output.path", directory.resolve("copy" + copies++));
    more = run.with("train.epochs", 3);
    folder = RunFolder.of(run.directory());
    FileUtils.copyDirectory(
        RunFolder.of(finished.directory()).root().toFile(), folder.root().toFile());
  }

  @Test
  void hasTheBitsOfALongerRun() {
    String earlier = folder.text("config.conf");

    RunResult result = more.train(said);

    assertThat(said.toString().lines()).contains("resumes after epoch 2");
    assertResult(result);
    assertThat(result.epochs()).isEqualTo(3);
    assertThat(RunResult.fromJson(folder.text("result.json"))).isEqualTo(result);
    RunStatus status = RunStatus.fromJson(folder.text("status.json"));
    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(status.epoch()).isEqualTo(3);
    assertThat(status.attempt()).isEqualTo(2);
    assertThat(folder.metric("epoch")).containsExactly("1", "2", "3");
    assertThat(folder.metric("learning-rate"))
        .isEqualTo(RunFolder.of(directoryOfLong()).metric("learning-rate"));
    assertThat(folder.text("report.html")).contains("3 of 3 epochs");
    assertThat(folder.text("_SUCCESS")).contains("\"checkpoint\":\"3-12-");
    assertThat(folder.text("config.conf")).isEqualTo(more.config().resolved());
    assertThat(folder.names("earlier"))
        .containsExactly("epoch-2-%s.conf".formatted(run.config().fingerprint().substring(0, 12)));
    assertThat(folder.text("earlier/" + folder.names("earlier").get(0))).isEqualTo(earlier);
    assertThat(more.evaluate().accuracy()).isEqualTo(result.testAccuracy());
  }

  /** The rate of an epoch follows from what is recorded of those before. */
  @Test
  void lowersItsRateOnAPlateauWhereALongerRunDoes() throws IOException {
    SmallRun flat =
        finished
            .with("output.path", directory.resolve("plateau"))
            .with("train.schedule.type", "plateau")
            .with("train.schedule.warmup-epochs", 0)
            .with("train.schedule.patience", 0)
            .with("train.schedule.threshold", 0.99);
    flat.train();

    RunResult result = flat.with("train.epochs", 4).train();

    SmallRun whole = flat.with("run-id", "whole").with("train.epochs", 4);
    assertThat(result.parametersSha256()).isEqualTo(whole.train().parametersSha256());
    assertThat(RunFolder.of(flat.directory()).metric("learning-rate"))
        .isEqualTo(RunFolder.of(whole.directory()).metric("learning-rate"))
        .containsExactly("0.1", "0.1", "0.010000000000000002", "0.0010000000000000002");
  }

  @Test
  void isFinishedThen() {
    more.train();
    SortedMap<String, String> before = folder.snapshot();

    assertResult(more.train(said));
    assertThat(said.toString()).contains("is already finished; nothing was trained");
    JobException refused = catchThrowableOfType(JobException.class, run::train);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused)
        .hasMessage(
            """
            Cannot continue run small: its configuration must stay the same, got
              train.epochs: was 3, is 2
            Give the run another --run-id, or the settings in file:%1$s/config.conf. 3 epochs of it are done; to go on, ask for more than that. To start a new run from its model, give --run-id small-2 --set train.init-from=file:%1$s.""",
            folder.root());
    assertThat(folder.snapshot()).isEqualTo(before);
  }

  /** The command of the message. */
  @Test
  void startsANewRunFromTheModel() {
    SmallRun next = more.with("run-id", "small-2").with("train.init-from", run.directory().root());

    next.train(said);

    assertThat(said.toString()).contains("starts from file:" + folder.root() + "/checkpoints/2-8-");
  }

  /** Eight checkpoints are of the run before, then its take-over follows. */
  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 12, 13})
  void goesOnAfterAKill(int manifests) {
    more.train();
    folder.rewind(manifests);

    assertResult(more.train());

    assertThat(folder.names("earlier")).hasSize(1);
  }

  @Test
  void fallsBackToACheckpointOfTheSettingsBefore() throws IOException {
    more.train();
    folder.rewind(10);
    Files.delete(folder.checkpointFile("2-9", "model.safetensors"));

    assertResult(more.train(said));

    assertThat(said.toString().lines()).contains("resumes after epoch 2");
  }

  /** A driver died after it had taken the result away. */
  @Test
  void isFinishedAgainWhereItHasNotGoneOn() {
    folder.rewind(8);

    assertThat(run.train().epochs()).isEqualTo(2);
    assertResult(more.train());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4})
  void mayGetMoreEpochsBeforeItsEnd(int checkpoints) {
    folder.rewind(checkpoints);

    assertResult(more.train());
  }

  @Test
  void goesOnWithAnotherStage() {
    SmallRun staged = run.with("train.stages", STAGES);

    RunResult result = staged.train(said);

    assertThat(said.toString().lines()).contains("resumes after epoch 2");
    assertThat(result.parametersSha256())
        .isEqualTo(staged.with("run-id", "staged").train().parametersSha256());
    assertThat(folder.metric("learning-rate")).hasSize(3);
    assertThat(folder.text("report.html")).contains("2 of 2");
    folder.rewind(11);
    assertThat(staged.train().parametersSha256()).isEqualTo(result.parametersSha256());

    // And the last stage may get longer.
    SmallRun longer = run.with("train.stages", STAGES.replace("= 1,", "= 2,"));
    assertThat(longer.train().parametersSha256())
        .isEqualTo(longer.with("run-id", "longer").train().parametersSha256());
    assertThat(folder.names("earlier")).hasSize(2);
  }

  @Test
  void goesOnAfterEarlyStoppingOnlyWithoutIt() {
    SmallRun patient =
        more.with("run-id", "stopped")
            .with("early-stopping.patience", 1)
            .with("early-stopping.min-delta", 1);
    assertThat(patient.train().epochs()).isEqualTo(2);

    JobException refused =
        catchThrowableOfType(JobException.class, patient.with("train.epochs", 5)::train);
    RunResult result = patient.with("early-stopping.patience", 0).train();

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused)
        .hasMessageContaining("\n  train.epochs: was 3, is 5\n")
        .hasMessageContaining(
            " With early-stopping.patience = 1 it ends after epoch 2; to go on, give a larger one, or 0 for none. To start");
    assertResult(result);
  }

  private static void assertResult(RunResult result) {
    assertThat(result.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(result.testAccuracy()).isEqualTo(expected.testAccuracy());
    assertThat(result.testLoss()).isEqualTo(expected.testLoss());
  }

  private static RunDirectory directoryOfLong() {
    return finished.with("run-id", "long").directory();
  }
}
