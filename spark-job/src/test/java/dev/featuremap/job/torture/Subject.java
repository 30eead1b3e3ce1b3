package dev.featuremap.job.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.Recovery;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A run that faults are done to. */
final class Subject {
  /** What a driver says when it has found its images and begins. */
  static final String TRAINING = " epochs, ";

  private static final Pattern EPOCH_LINE = Pattern.compile("(?m)^epoch +(\\d+)/");

  private final TrainingRuns runs;
  private final String id = "torture-" + UUID.randomUUID();
  private final List<String> arguments;
  private final Expected expected;
  private long newestAt;
  private String lastErrors = "";

  /** What an undisturbed run ends with. */
  record Expected(String parametersSha256, List<EpochMetrics> metrics) {
    static Expected of(TrainingRuns runs, String id) throws IOException {
      return new Expected(runs.result(id).parametersSha256(), runs.metrics(id));
    }
  }

  /** A run that has not started. */
  Subject(TrainingRuns runs, Torture.Runs kind) {
    this.runs = runs;
    this.arguments = kind.arguments();
    this.expected = kind.expected();
  }

  /**
   * Starts a driver of the run.
   *
   * @param more arguments besides those of all runs
   */
  SubmittedJob start(UnaryOperator<SubmittedJob.Submission> how, String... more)
      throws IOException {
    return runs.start(
        id, how, Stream.concat(arguments.stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  /** Waits until a driver trains. */
  static void awaitTraining(SubmittedJob driver) throws IOException, InterruptedException {
    driver.awaitText(TRAINING, TrainingRuns.LIMIT);
  }

  /** True once the checkpoint of the last epoch is published. */
  boolean isTrained() {
    return runs.newest(id)
        .filter(newest -> newest.checkpoint().epoch() == expected.metrics.size())
        .isPresent();
  }

  /** How many drivers have worked on the run. */
  int attempts() throws IOException {
    return status().attempt();
  }

  /** What the run's files say of it. */
  RunStatus status() throws IOException {
    return runs.status(id);
  }

  /** Why the manifests are not the history of one writer at a time; nothing if they are. */
  Optional<String> brokenHistory() throws IOException {
    long number = 0;
    long fence = 0;
    for (JsonNode manifest : runs.manifests(id)) {
      if (manifest.get("number").asLong() <= number) {
        return Optional.of("manifest %s follows %d".formatted(manifest.get("number"), number));
      }
      if (manifest.get("fence").asLong() < fence) {
        return Optional.of("a writer published after it was shut out: " + manifest);
      }
      number = manifest.get("number").asLong();
      fence = manifest.get("fence").asLong();
    }
    return Optional.empty();
  }

  /**
   * What a driver that was killed has left wrong; nothing if all is well.
   *
   * @param driver its output tells which epochs it said were done
   */
  Optional<String> lost(SubmittedJob driver) throws IOException {
    Optional<Checkpoint> newest = runs.newest(id).map(Recovery::checkpoint);
    long told =
        EPOCH_LINE
            .matcher(driver.output())
            .results()
            .map(MatchResult::group)
            .map(line -> line.replaceAll("\\D", ""))
            .mapToLong(Long::parseLong)
            .max()
            .orElse(0);
    long at = newest.map(checkpoint -> 1_000L * checkpoint.epoch() + checkpoint.round()).orElse(0L);
    if (newest.map(Checkpoint::epoch).orElse(0) < told) {
      return Optional.of("lost epoch %d, which was told".formatted(told));
    }
    if (at < newestAt) {
      return Optional.of("lost checkpoint %d, found %d".formatted(newestAt, at));
    }
    newestAt = at;
    return Optional.empty();
  }

  /** The kernels that its workers used. */
  String kernels() throws IOException {
    return runs.result(id).kernels();
  }

  /** The run's page. */
  String report() throws IOException {
    return runs.report(id);
  }

  /** The files of the run. */
  RunFiles files() throws IOException {
    return new RunFiles(runs.files(id).root(), runs.configuration());
  }

  /** The name of the directory of the newest checkpoint. */
  String newestDirectory() {
    return runs.newest(id).orElseThrow().checkpoint().directory();
  }

  /** Lets the run end whose driver has died, unless that has left something wrong. */
  String resume(SubmittedJob driver) throws IOException, InterruptedException {
    Optional<String> lost = lost(driver);
    return lost.isPresent() ? lost.get() : finish();
  }

  /** Lets the run end, and says what became of it. */
  String finish() throws IOException, InterruptedException {
    try (SubmittedJob job = start(submission -> submission)) {
      return outcome(job);
    }
  }

  /** What the driver wrote to standard error whose {@link #outcome} was asked last. */
  String lastErrors() {
    return lastErrors;
  }

  /** What became of the run, of which this is the last driver. */
  String outcome(SubmittedJob job) throws IOException, InterruptedException {
    int code;
    try {
      code = job.waitFor(TrainingRuns.LIMIT);
    } catch (IllegalStateException e) {
      job.kill();
      return "stuck";
    }
    lastErrors = job.errors();
    if (code != 0) {
      return "exit code %d: %s".formatted(code, lastErrors.lines().reduce("", (a, b) -> b));
    }
    if (!runs.result(id).parametersSha256().equals(expected.parametersSha256)) {
      return "other parameters";
    }
    if (!runs.metrics(id).equals(expected.metrics)) {
      return "other metrics";
    }
    if (status().state() != RunStatus.State.FINISHED) {
      return "status " + status().state();
    }
    runs.deleteLogs(id);
    return Ledger.SAME_BITS;
  }
}
