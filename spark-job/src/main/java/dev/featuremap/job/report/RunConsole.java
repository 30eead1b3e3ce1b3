package dev.featuremap.job.report;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.run.EpochMetrics;
import dev.featuremap.job.run.RunResult;
import dev.featuremap.network.NetworkPlan;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;

/**
 * Tells a person at a terminal, or a log, how a run goes: a few lines at its ends, one an epoch.
 */
public final class RunConsole implements AutoCloseable {
  private final PrintWriter out;
  private final Optional<ProgressBar> bar;
  private int epochs;

  private RunConsole(PrintWriter out, Optional<ProgressBar> bar) {
    this.out = out;
    this.bar = bar;
  }

  /** Lines only, as a log wants them. */
  public static RunConsole lines(PrintWriter out) {
    return new RunConsole(out, Optional.empty());
  }

  /** Lines, and a live bar on a terminal between them. */
  public static RunConsole withBar(PrintWriter out, PrintStream terminal) {
    return new RunConsole(out, Optional.of(ProgressBar.on(terminal)));
  }

  /**
   * A run begins, or goes on.
   *
   * @param cores how many tasks can run at once; empty where that is not known yet
   */
  public void started(JobConfig config, Path directory, OptionalInt cores) {
    epochs = config.training().epochs();
    int workers = config.training().workers();
    say("run %s in %s", config.runId(), directory);
    say("%s", NetworkPlan.of(config.network()).table().strip());
    say(
        "%d epochs, %d workers of batch %d, %s",
        epochs, workers, config.training().batchSize(), config.sync());
    cores.ifPresent(count -> sayIdle(count, workers));
  }

  private void sayIdle(int cores, int workers) {
    if (workers < cores) {
      say(
          "%d of %d cores will idle: the run has train.workers = %d, which is part of its result",
          cores - workers, cores, workers);
    }
  }

  /** The run goes on from a checkpoint. */
  public void resumes(int epochsDone, int roundsDone) {
    String rounds = roundsDone == 0 ? "" : " and %d rounds of the next".formatted(roundsDone);
    say("resumes after epoch %d%s", epochsDone, rounds);
  }

  /** What the run will probably take. */
  public void estimated(String summary) {
    say("estimate: %s", summary);
  }

  /** Other settings would be faster. */
  public void advise(String advice) {
    say("advice: %s", advice);
  }

  /** A round begins, one of {@code rounds} in its epoch; both count from 0. */
  public void roundStarts(List<EpochMetrics> history, int epoch, int round, int rounds) {
    double seconds = history.isEmpty() ? 0 : history.get(history.size() - 1).seconds() / rounds;
    String label = "epoch %d/%d".formatted(epoch + 1, epochs);
    bar.ifPresent(
        b -> b.expect(label, (double) round / rounds, (double) (round + 1) / rounds, seconds));
  }

  /** An epoch is done; its line is the last entry's. */
  public void epochDone(List<EpochMetrics> history) {
    say("%s", EpochLine.of(history, epochs));
  }

  /** The run ends before its last epoch. */
  public void stopsEarly(int epoch, int patience) {
    say(
        "stops after epoch %d of %d: the test accuracy has not improved in early-stopping.patience = %d epochs",
        epoch, epochs, patience);
  }

  /** The run is complete. */
  public void finished(RunResult result, Path directory) {
    say("%s", TimeTable.of(result));
    say("%s", summary(result));
    say("result in %s", new Path(directory, "result.json"));
  }

  /** The run was complete before this start. */
  public void alreadyFinished(RunResult result, Path directory) {
    say("run %s is already finished; nothing was trained", result.runId());
    finished(result, directory);
  }

  /** Something is as the reader may not expect. */
  public void note(String message) {
    say("%s", message);
  }

  /** Something went wrong that does not end the run. */
  public void warn(String message) {
    say("warning: %s", message);
  }

  private static String summary(RunResult result) {
    return String.format(
        Locale.ROOT,
        "test accuracy %.2f %%  loss %.4f  %d epochs in %s  %,.0f images/s  %s%nparameters-sha256 %s",
        100 * result.testAccuracy(),
        result.testLoss(),
        result.epochs(),
        EpochLine.clock(result.seconds()),
        result.trainImagesPerSecond(),
        result.kernels(),
        result.parametersSha256());
  }

  private void say(String form, Object... arguments) {
    bar.ifPresent(ProgressBar::erase);
    out.printf(Locale.ROOT, form + "%n", arguments);
    out.flush();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
