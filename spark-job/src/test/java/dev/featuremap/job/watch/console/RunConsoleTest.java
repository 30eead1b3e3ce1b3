package dev.featuremap.job.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.record.RunTimes;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RoundStart;
import dev.featuremap.job.watch.RunStart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class RunConsoleTest {
  private static final Path DIRECTORY = new Path("hdfs://nn/runs/r1");
  private static final RunResult RESULT =
      new RunResult(
          RunId.of("r1"),
          RunStatus.State.FINISHED,
          10,
          0.98765,
          0.04321,
          152_000,
          4_408,
          "abc",
          "vector/16 lanes",
          2,
          0,
          new RunTimes(3, 2, new EpochTimes(56, 0, 1.25, 0.25, 2.5, 7.5, 2.5)),
          new EpochTimes(5, Double.NaN, 0, 0.02, 0.2, Double.NaN, Double.NaN),
          "hdfs://nn/runs/r1/checkpoints/10-10-x");

  private static final EpochMetrics EPOCH =
      new EpochMetrics(1, 1, 0.1, 0.5, 0.9, 0.25, 0.95, 0, 1000, EpochTimes.ofEvaluate(2));

  private final StringWriter said = new StringWriter();
  private final RunConsole console = RunConsole.lines(new PrintWriter(said));

  @Test
  void introducesARun() {
    console.started(start(OptionalInt.of(3), "train.workers=3", "sync.every=16 steps"));

    assertThat(said.toString().lines().toList())
        .startsWith("run r1 in hdfs://nn/runs/r1")
        .anyMatch(line -> line.startsWith("conv1 "))
        .endsWith("10 epochs, 3 workers of batch 32, averaged every 16 steps");
  }

  @Test
  void saysWhatTrainingMinimises() {
    console.started(start(OptionalInt.of(2), "train.loss.type=focal", "train.loss.gamma=3"));

    assertThat(said.toString().lines()).contains("training minimises this loss: focal, gamma 3.0");
  }

  @Test
  void saysNothingOfPlacesThatItDoesNotKnow() {
    console.started(start(OptionalInt.empty(), "train.workers=1"));

    assertThat(said.toString()).doesNotContain("at once");
  }

  @Test
  void pointsOutThatMoreWorkersWouldFit() {
    console.started(start(OptionalInt.of(8), "train.workers=2"));

    assertThat(said.toString().lines())
        .contains(
            "8 workers could work at once: the run has train.workers = 2, which is part of its result");
  }

  @Test
  void saysWhatARunStartsWith() {
    console.initialized(List.of("takes 4 tensors", "of the file, it does not use a\u001Bb"));

    assertThat(said.toString().lines())
        .containsExactly("takes 4 tensors", "of the file, it does not use a\\u001Bb");
  }

  @Test
  void saysWhereItResumes() {
    console.started(start(List.of(EPOCH, EPOCH, EPOCH), 0, OptionalInt.empty()));
    console.started(start(List.of(EPOCH, EPOCH, EPOCH), 7, OptionalInt.empty()));

    assertThat(said.toString().lines().filter(line -> line.startsWith("resumes")))
        .containsExactly("resumes after epoch 3", "resumes after epoch 3 and 7 rounds of the next");
  }

  @Test
  void saysOneLineAnEpoch() {
    console.started(start(OptionalInt.of(2)));
    said.getBuffer().setLength(0);

    console.epochDone(epoch(1, false));

    assertThat(said.toString().lines())
        .containsExactly(
            "epoch  1/10  train loss 0.5000  accuracy 90.00 %  test loss 0.2500  accuracy 95.00 %  1,000 images/s  2.0 s  ETA 0:18");
  }

  @Test
  void saysWhyItStopsEarly() {
    console.started(start(OptionalInt.of(2), "early-stopping.patience=2"));
    said.getBuffer().setLength(0);

    console.epochDone(epoch(4, true));

    assertThat(said.toString().lines())
        .endsWith(
            "stops after epoch 4 of 10: the test accuracy has not improved in early-stopping.patience = 2 epochs");
  }

  @Test
  void sumsUpTheResult() {
    console.started(start(OptionalInt.of(2)));
    said.getBuffer().setLength(0);

    console.finished(RESULT);

    assertThat(said.toString().lines())
        .containsExactly(
            "seconds     start    load  compute    wait  imbalance  reduce  schedule  evaluate  checkpoint     sum",
            "run           3.0     2.0     56.0     0.0        1.3     0.3       2.5       7.5         2.5    75.0",
            "share         4 %     3 %     75 %     0 %        2 %     0 %       3 %      10 %         3 %   100 %",
            "an epoch        -       -     5.60    0.00       0.13    0.03      0.25      0.75        0.25    7.00",
            "estimated       -       -     5.00       -       0.00    0.02      0.20         -           -    5.22",
            "test accuracy 98.77 %  loss 0.0432  10 epochs in 1:15  152,000 images/s  vector/16 lanes",
            "parameters-sha256 abc",
            "result in hdfs://nn/runs/r1/result.json");
  }

  @Test
  void saysThatARunWasFinishedBefore() {
    console.alreadyFinished(RESULT, DIRECTORY);

    assertThat(said.toString().lines())
        .startsWith("run r1 is already finished; nothing was trained")
        .endsWith("result in hdfs://nn/runs/r1/result.json");
  }

  @Test
  void prefixesWarnings() {
    console.warn("Cannot write 100 % of it.");

    assertThat(said.toString()).isEqualTo("warning: Cannot write 100 %% of it.%n".formatted());
  }

  @Test
  void takesTheBarAwayBeforeALineAndEndsItsThread() {
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    try (RunConsole withBar =
        RunConsole.withBar(
            new PrintWriter(said), new PrintStream(terminal, true, StandardCharsets.UTF_8))) {
      withBar.started(start(OptionalInt.of(2)));
      said.getBuffer().setLength(0);
      withBar.roundStarts(new RoundStart(List.of(), 0, 1, 0));
      withBar.warn("w");
    }

    assertThat(terminal.toString(StandardCharsets.UTF_8)).endsWith("\r\u001b[K");
    assertThat(said.toString()).isEqualTo("warning: w%n".formatted());
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("featuremap-progress");
  }

  private static RunStart start(OptionalInt places, String... assignments) {
    return start(List.of(), 0, places, assignments);
  }

  private static RunStart start(
      List<EpochMetrics> history, int nextRound, OptionalInt places, String... assignments) {
    RunStatus status =
        RunStatus.running(RunId.of("r1"), 0, 1, "local-1", Instant.EPOCH, Instant.EPOCH);
    return new RunStart(config(assignments), DIRECTORY, status, true, places, history, nextRound);
  }

  private static EpochDone epoch(int epochs, boolean last) {
    return new EpochDone(
        Collections.nCopies(epochs, EPOCH), null, Optional.empty(), () -> null, "scalar", last);
  }

  private static List<String> settings(String... more) {
    List<String> settings = new ArrayList<>(List.of("train.epochs=10", "train.batch-size=32"));
    settings.addAll(List.of(more));
    return settings;
  }

  private static JobConfig config(String... assignments) {
    return JobConfigLoader.of(new Configuration())
        .load(
            new ConfigRequest(
                Optional.empty(),
                settings(assignments),
                Map.of(ConfigRequest.KeyOption.RUN_ID, "r1")));
  }
}
