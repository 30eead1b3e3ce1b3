package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.Retention;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How runs end other than after their last epoch, and which checkpoints they leave. */
class RunEndsTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path data;

  @BeforeAll
  static void writeDigits() throws IOException {
    data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
  }

  @Test
  void stopsEarlyWhenTheTestAccuracyNoLongerGrows() {
    SmallRun run =
        run("early")
            .with("train.epochs", 9)
            .with("early-stopping.patience", 2)
            .with("early-stopping.min-delta", 100);
    StringWriter said = new StringWriter();

    RunResult result = run.train(said);

    assertThat(result.epochs()).isEqualTo(3);
    assertThat(result.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(said.toString().lines())
        .contains(
            "stops after epoch 3 of 9: the test accuracy has not improved in early-stopping.patience = 2 epochs");
    assertThat(run.train(said)).isEqualTo(result);
  }

  @Test
  void endsAtTheRoundInWhichTheLossDiverges() {
    SmallRun run =
        run("diverging")
            .with("train.learning-rate", "1e30")
            .with("sync.every", "1 step")
            .with("checkpoint.every-rounds", 1);

    JobException failure = catchThrowableOfType(JobException.class, run::train);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot go on training: the loss of worker 0 in epoch 1, round 2 must be finite, got NaN. Lower train.learning-rate or set train.clip-norm; checkpoints published before stay.");
    RunStatus status = RunStatus.fromJson(folder(run).text("status.json"));
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.exitCode()).contains(65);
    assertThat(status.reason()).contains(failure.getMessage());
    assertThat(newestEpochAndRound(run)).isEqualTo("0-1");
  }

  @Test
  void publishesNoParametersThatAreNotFinite() {
    SmallRun run = run("overflow").with("train.learning-rate", "1e39").with("sync.every", "1 step");

    JobException failure = catchThrowableOfType(JobException.class, run::train);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessageMatching(
            "Cannot go on training: all parameters must be finite after epoch 1, round 1, got (NaN|-?Infinity)\\. Lower train.learning-rate or set train.clip-norm; checkpoints published before stay\\.");
    assertThat(folder(run).names(".")).doesNotContain("checkpoints", "result.json", "_SUCCESS");
  }

  @Test
  void saysThatSparkWasStoppedAndGoesOnLater() {
    SmallRun run = run("stopped").with("train.epochs", 4);
    RunConsole stopping = consoleThatDoesAt("epoch 2/4", () -> SparkContext.getOrCreate().stop());

    JobException failure = catchThrowableOfType(JobException.class, () -> run.train(stopping));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERNAL);
    assertThat(failure)
        .hasMessage(
            "Cannot finish \"epoch 3/4 · round 1 · train\": Spark was stopped, by a signal or by the cluster. A run that is started again under its run id goes on from its newest checkpoint.");
    RunStatus status = RunStatus.fromJson(folder(run).text("status.json"));
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.exitCode()).contains(70);
    assertThat(status.reason()).contains(failure.getMessage());
    assertThat(run.train().epochs()).isEqualTo(4);
  }

  @Test
  void endsBetweenRoundsWhenItsTimeIsUpAndGoesOnToTheSameBits() {
    SmallRun run = run("in-time").with("train.epochs", 3).with("sync.every", "2 steps");
    String undisturbed = run.with("run-id", "undisturbed").train().parametersSha256();
    Queue<Long> minutes = new ArrayDeque<>();
    RunConsole console = consoleThatDoesAt("epoch 1/3", () -> addLastMinutes(minutes));
    TrainingJob job =
        new TrainingJob(
            console, () -> System.nanoTime() + TimeUnit.MINUTES.toNanos(nextOrZero(minutes)));

    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> job.run(run.with("limits.max-minutes", 60).config(), new Configuration()));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.OUT_OF_TIME);
    assertThat(failure)
        .hasMessageMatching(
            "Cannot finish run in-time in limits.max-minutes = 60\\.0\\. It is saved as of epoch 1 and [1-4] rounds of the next\\. Started again under its run id, it goes on\\.");
    RunStatus status = RunStatus.fromJson(folder(run).text("status.json"));
    assertThat(status.state()).isEqualTo(RunStatus.State.OUT_OF_TIME);
    assertThat(status.exitCode()).contains(124);
    assertThat(newestEpochAndRound(run)).matches("1-[6-9]");
    assertThat(run.train().parametersSha256()).isEqualTo(undisturbed);
  }

  /** The clock is at its place for a while, and then the last minute has come. */
  private static void addLastMinutes(Queue<Long> minutes) {
    minutes.addAll(Collections.nCopies(8, 0L));
    minutes.addAll(Collections.nCopies(1000, 60L));
  }

  private static long nextOrZero(Queue<Long> minutes) {
    Long next = minutes.poll();
    return next == null ? 0 : next;
  }

  @Test
  void keepsTheLastTheBestAndEveryFewCheckpoints() {
    SmallRun run =
        run("sparse")
            .with("train.epochs", 5)
            .with("checkpoint.keep-last", 1)
            .with("checkpoint.keep-every", 2);
    run.train();

    assertThat(folder(run).checkpoints()).contains("2-2", "4-4", "5-5").hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void writesCheckpointsByRoundsAndAlwaysOneAtTheEnd() {
    SmallRun run =
        run("rounds")
            .with("train.epochs", 1)
            .with("sync.every", "1 step")
            .with("checkpoint.every-rounds", 4)
            .with("checkpoint.keep-last", 9);
    run.train();

    assertThat(folder(run).checkpoints()).containsExactly("0-4", "0-8", "1-10");
  }

  @Test
  void publishesTheBestEpochHoweverRareCheckpointsAre() {
    SmallRun run = rare("best").with("train.epochs", 3);
    run.train();

    assertThat(folder(run).checkpoints()).containsExactly("1-1", "3-3");
  }

  @Test
  void writesNothingAfterAnotherDriverTookTheRunOver() {
    SmallRun run = rare("fenced").with("train.epochs", 4);
    RunFolder fenced = folder(run);
    AtomicReference<String> views = new AtomicReference<>();
    RunConsole console =
        consoleThatDoesAt(
            "epoch 1/4",
            () -> {
              CheckpointStore.of(run.directory().root(), new Configuration())
                  .takeOver(new Retention(9, 0));
              views.set(fenced.text("status.json") + fenced.text("metrics.jsonl"));
            });

    JobException failure = catchThrowableOfType(JobException.class, () -> run.train(console));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.RUN_HELD);
    assertThat(fenced.text("status.json") + fenced.text("metrics.jsonl")).isEqualTo(views.get());
  }

  /** A run that learns nothing, so that its first epoch is the best, and saves hardly ever. */
  private static SmallRun rare(String id) {
    return run(id)
        .with("train.learning-rate", "1e-30")
        .with("checkpoint.every-rounds", 1000)
        .with("checkpoint.keep-last", 9);
  }

  private static RunConsole consoleThatDoesAt(String text, Runnable action) {
    return RunConsole.lines(
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] characters, int offset, int length) {
                if (new String(characters, offset, length).startsWith(text)) {
                  action.run();
                }
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            }));
  }

  private static SmallRun run(String id) {
    return SmallRun.of(data, directory.resolve("runs")).with("run-id", id);
  }

  private static RunFolder folder(SmallRun run) {
    return RunFolder.of(run.directory());
  }

  private static String newestEpochAndRound(SmallRun run) {
    String name =
        CheckpointStore.of(run.directory().root(), new Configuration())
            .newest()
            .orElseThrow()
            .checkpoint()
            .directory();
    return name.substring(0, name.lastIndexOf('-'));
  }
}
