package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of two epochs of four rounds, with a checkpoint after each, that a driver left early. */
class ResumeTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static int copies;
  private static Path data;
  private static SmallRun undisturbed;
  private static RunResult expected;

  private SmallRun run;
  private RunFolder folder;
  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    undisturbed =
        SmallRun.of(data, directory.resolve("undisturbed"))
            .with("sync.every", "3 steps")
            .with("train.optimizer.momentum", 0.9)
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100);
    expected = undisturbed.train();
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    run = undisturbed.with("output.path", directory.resolve("copy" + copies++));
    folder = RunFolder.of(run.directory());
    RunFolder original = RunFolder.of(undisturbed.directory());
    try (var files = Files.walk(original.root())) {
      for (Path file : files.toList()) {
        Path copy = folder.root().resolve(original.root().relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  @Test
  void hasACheckpointForEachRound() {
    assertThat(folder.checkpoints())
        .containsExactly("0-1", "0-2", "0-3", "1-4", "1-5", "1-6", "1-7", "2-8");
  }

  @ParameterizedTest
  @CsvSource({
    "1, resumes after epoch 0 and 1 rounds of the next",
    "3, resumes after epoch 0 and 3 rounds of the next",
    "4, resumes after epoch 1",
    "6, resumes after epoch 1 and 2 rounds of the next",
    "8, resumes after epoch 2"
  })
  void endsWithTheSameBitsFromAnyCheckpoint(int checkpoints, String line) {
    folder.rewind(checkpoints);

    RunResult resumed = run.train(said);

    assertThat(resumed.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(resumed.testLoss()).isEqualTo(expected.testLoss());
    assertThat(resumed.testAccuracy()).isEqualTo(expected.testAccuracy());
    assertThat(said.toString().lines()).contains(line);
    assertThat(status().attempt()).isEqualTo(2);
    assertThat(status().state()).isEqualTo(RunStatus.State.FINISHED);
  }

  @Test
  void writesADamagedResultAgain() throws IOException {
    Path result = folder.root().resolve("result.json");
    Files.writeString(result, Files.readString(result).substring(20));

    assertThat(run.train().parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(RunResult.fromJson(folder.text("result.json")).parametersSha256())
        .isEqualTo(expected.parametersSha256());
  }

  @Test
  void writesAStatusAgainThatAShutOutDriverWroteLate() throws IOException {
    Path status = folder.root().resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("FINISHED", "RUNNING"));
    Files.writeString(folder.root().resolve("metrics.jsonl"), "");

    assertThat(run.train().parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(status().state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(folder.text("metrics.jsonl").lines()).hasSize(2);
  }

  @Test
  void refusesToGuessTheSettingsOfARun() throws IOException {
    folder.rewind(3);
    Files.delete(folder.root().resolve("config.conf"));

    JobException refused = catchThrowableOfType(JobException.class, () -> run.train());

    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(refused)
        .hasMessage(
            "Cannot continue run %s: file:%s/config.conf must tell its settings, got no such file."
                    .formatted(folder.root().getFileName(), folder.root())
                + " Restore it, or give the run another --run-id.");
  }

  @Test
  void refusesAnEmptyConfigurationOnceThereAreCheckpoints() throws IOException {
    folder.rewind(3);
    Files.writeString(folder.root().resolve("config.conf"), "");

    JobException refused = catchThrowableOfType(JobException.class, () -> run.train());

    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(refused).hasMessageContaining("must tell its settings, got an empty file. Restore");
  }

  @Test
  void writesAnEmptyConfigurationAgainThatAKilledDriverLeft() throws IOException {
    SmallRun torn = run.with("run-id", "torn").with("train.epochs", 1);
    RunFolder left = RunFolder.of(torn.directory());
    Files.createDirectories(left.root());
    Files.createFile(left.root().resolve("config.conf"));

    assertThat(torn.train().epochs()).isEqualTo(1);
    assertThat(left.text("config.conf")).isEqualTo(torn.config().resolved());
  }

  @Test
  void finishesACompleteRunWithoutItsImages() {
    folder.rewind(8);
    List<String> manifests = folder.names("manifests");

    RunResult finished = run.with("data.path", directory.resolve("nowhere")).train();

    assertThat(finished.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(finished.testLoss()).isEqualTo(expected.testLoss());
    assertThat(folder.names("manifests")).isEqualTo(manifests);
    assertThat(folder.names(".")).contains("_SUCCESS", "result.json");
  }

  @Test
  void leavesARunAloneThatItCannotContinue() throws IOException {
    folder.rewind(3);
    SmallRun other = run.with("train.epochs", 3);
    Files.writeString(folder.root().resolve("config.conf"), other.config().resolved());
    var before = folder.snapshot();

    JobException refused = catchThrowableOfType(JobException.class, other::train);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(refused)
        .hasMessage(
            "Cannot resume run small: its newest checkpoint must come from settings with the fingerprint %s, got %s. Restore the run's config.conf, or start a new run.",
            other.config().fingerprint(), run.config().fingerprint());
    assertThat(folder.snapshot()).isEqualTo(before);
  }

  @Test
  void measuresAnInterruptedEpochAsAWholeOne() {
    folder.rewind(6);
    run.train();

    EpochMetrics whole = metrics(RunFolder.of(undisturbed.directory()));
    EpochMetrics resumed = metrics(folder);

    assertThat(resumed.trainLoss()).isEqualTo(whole.trainLoss());
    assertThat(resumed.trainAccuracy()).isEqualTo(whole.trainAccuracy());
    assertThat(resumed.drift()).isEqualTo(whole.drift());
    assertThat(resumed.rounds()).isEqualTo(8);
    assertThat(SmallRun.TRAINING_IMAGES / resumed.trainImagesPerSecond())
        .isLessThanOrEqualTo(resumed.seconds());
  }

  @Test
  void addsTheTimesOfAllAttempts() {
    folder.rewind(6);

    RunResult resumed = run.train();

    List<EpochMetrics> before =
        EpochMetrics.fromLines(RunFolder.of(undisturbed.directory()).text("metrics.jsonl"));
    List<EpochMetrics> after = EpochMetrics.fromLines(folder.text("metrics.jsonl"));
    assertThat(after.get(0)).isEqualTo(before.get(0));
    assertThat(resumed.times().load()).isGreaterThan(expected.times().load());
    assertThat(resumed.times().start()).isGreaterThan(expected.times().start());
    assertThat(resumed.times().epochs().compute())
        .isGreaterThan(before.get(0).times().compute() + after.get(1).times().compute() / 2);
  }

  @Test
  void startsAnewWhenNothingWasPublished() {
    folder.rewind(0);

    assertThat(run.train(said).parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(said.toString()).doesNotContain("resumes");
  }

  @Test
  void goesOnAfterAFailure() {
    SmallRun failing = run.with("run-id", "failing").with("checkpoint.every-rounds", 0);
    RunFolder failed = RunFolder.of(failing.directory());

    assertThatThrownBy(() -> trainUntilTheClockBreaks(failing, "epoch 1/2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no more time");
    RunStatus status = RunStatus.fromJson(failed.text("status.json"));
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.epoch()).isEqualTo(1);
    assertThat(status.exitCode()).contains(70);
    assertThat(status.reason()).contains("java.lang.IllegalStateException: no more time");

    assertThat(failing.train(said).parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(said.toString().lines()).contains("resumes after epoch 1");
  }

  @Test
  void fallsBackToTheCheckpointBeforeADamagedOne() throws IOException {
    folder.rewind(6);
    Path damaged = folder.checkpointFile("1-6", "model.safetensors");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged, bytes);

    String logged = loggedBy(() -> run.train(said));

    assertThat(sha256()).isEqualTo(expected.parametersSha256());
    assertThat(logged)
        .contains(
            "WARN  RecoveryWalk: Skipped manifests/0000000007.json of file:%s: checkpoints/%s has SHA-256 "
                .formatted(
                    folder.root(), folder.root().resolve("checkpoints").relativize(damaged)));
    assertThat(said.toString().lines()).contains("resumes after epoch 1 and 1 rounds of the next");
  }

  @ParameterizedTest
  @CsvSource({"3", "8"})
  void refusesOtherSettingsAndChangesNothing(int checkpoints) {
    if (checkpoints < 8) {
      folder.rewind(checkpoints);
    }
    var before = folder.snapshot();
    SmallRun other = run.with("train.epochs", 3).with("train.optimizer.momentum", 0.8);

    JobException failure = catchThrowableOfType(JobException.class, other::train);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            """
            Cannot continue run small: its configuration must stay the same, got
              train.epochs: was 2, is 3
              train.optimizer.momentum: was 0.9, is 0.8
            Give the run another --run-id, or the settings in file:%s. To go on with another stage, leave the settings as they are and give --set 'train.stages=[{}, {epochs=1, optimizer.momentum=0.8}]'. To start a new run from its model, give --run-id small-2 --set train.init-from=file:%s.""",
            folder.root().resolve("config.conf"), folder.root());
    assertThat(folder.snapshot()).isEqualTo(before);
  }

  @Test
  void namesNoParametersToGoOnFromWhenTheNetworkIsAnother() {
    SmallRun other = run.with("network", "lenet-5");

    assertThat(catchThrowableOfType(JobException.class, other::train))
        .hasMessageContaining("network.")
        .hasMessageEndingWith(folder.root().resolve("config.conf") + ".");
  }

  @Test
  void refusesOtherImagesAndTakesTheSameOnesFromAnywhere() throws IOException {
    folder.rewind(3);
    Path moved = SmallRun.digits(Files.createDirectory(folder.root().resolveSibling("moved")));
    Path images = moved.resolve(MnistFiles.TRAIN_IMAGES);
    byte[] right = Files.readAllBytes(images);
    byte[] wrong = right.clone();
    wrong[wrong.length / 2] ^= 1;
    SmallRun elsewhere = run.with("data.path", moved);

    Files.write(images, wrong);
    JobException failure = catchThrowableOfType(JobException.class, elsewhere::train);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot resume run small: the training images in file:%s must be the ones it started with, got others. Restore them, or start a new run.",
            moved);

    Files.write(images, right);
    assertThat(elsewhere.train().parametersSha256()).isEqualTo(expected.parametersSha256());
  }

  private static String loggedBy(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  private String sha256() {
    return RunResult.fromJson(folder.text("result.json")).parametersSha256();
  }

  private RunStatus status() {
    return RunStatus.fromJson(folder.text("status.json"));
  }

  private static EpochMetrics metrics(RunFolder folder) {
    return EpochMetrics.fromLines(folder.text("metrics.jsonl")).get(1);
  }

  private static void trainUntilTheClockBreaks(SmallRun run, String line) {
    StringWriter told = new StringWriter();
    LongSupplier clock =
        () -> {
          if (told.toString().contains(line)) {
            throw new IllegalStateException("no more time");
          }
          return System.nanoTime();
        };
    new TrainingJob(RunConsole.lines(new PrintWriter(told)), clock)
        .run(run.config(), HadoopSettings.of(System.getProperties()));
  }
}
