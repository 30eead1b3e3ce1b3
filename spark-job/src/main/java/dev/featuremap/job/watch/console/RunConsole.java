package dev.featuremap.job.watch.console;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ShownText;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.ImagesLoaded;
import dev.featuremap.job.watch.RoundStart;
import dev.featuremap.job.watch.RunListener;
import dev.featuremap.job.watch.RunStart;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkTable;
import dev.featuremap.spec.Visible;
import dev.featuremap.train.TrainingSpec;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Tells a person at a terminal, or a log, how a run goes: a few lines at its ends, one an epoch.
 */
public final class RunConsole implements RunListener {
  private final PrintWriter out;
  private final Optional<ProgressBar> bar;
  private JobConfig config;
  private Path directory;
  private long said = System.nanoTime();

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

  @Override
  public String name() {
    return "the console";
  }

  @Override
  public void started(RunStart start) {
    config = start.config();
    directory = start.directory();
    int workers = config.training().workers();
    say("run %s in %s", config.runId(), directory);
    say("%s", NetworkTable.of(config.plan()).strip());
    sayStages();
    say(
        "%s, %d workers of batch %d, %s",
        countEpochs(epochs()), workers, config.training().batchSize(), config.sync());
    config.initial().ifPresent(initial -> say("starts from %s", initial.path()));
    start.places().ifPresent(count -> sayIdle(count, workers));
    if (start.resumes()) {
      int rounds = start.nextRound();
      String more = rounds == 0 ? "" : " and %s rounds of the next".formatted(rounds);
      say("resumes after epoch %d%s", start.history().size(), more);
    }
  }

  private void sayStages() {
    List<TrainingSpec> stages = config.stages();
    for (int k = 0; k < stages.size(); k++) {
      TrainingSpec stage = stages.get(k);
      NetworkPlan plan = stage.rules().over(NetworkPlan.of(config.network()));
      if (stages.size() > 1) {
        say(
            "stage %d of %d, from epoch %d: %s, learning rate %s, %s",
            k + 1,
            stages.size(),
            stage.firstEpoch() + 1,
            countEpochs(stage.epochs()),
            stage.learningRate(),
            NetworkTable.parameters(plan));
      }
      stage.loss().difference().ifPresent(how -> say("training minimises this loss: %s", how));
      sayFrozen(stage, plan);
    }
  }

  private void sayFrozen(TrainingSpec stage, NetworkPlan plan) {
    if (plan.frozen().size() > 0) {
      long slots = stage.optimizer().slots();
      long state = (1 + slots) * plan.parameters() + plan.buffers();
      say(
          "frozen layers, %,d KB, are sent once; a round sends the state of the others, %,d KB",
          kilobytes(plan.frozen().size()), kilobytes(state));
    }
  }

  private static long kilobytes(long floats) {
    return (floats * Float.BYTES + 999) / 1000;
  }

  @Override
  public void initialized(List<String> taken) {
    taken.forEach(line -> say("%s", Visible.of(line)));
  }

  @Override
  public void found(List<String> sets) {
    say("train on  %s", Visible.of(sets.get(0)));
    if (sets.size() > 2) {
      say("validate on %s", Visible.of(sets.get(1)));
    }
    sets.stream()
        .skip(Math.max(1, sets.size() - 1))
        .forEach(set -> say("test on   %s", Visible.of(set)));
  }

  private void sayIdle(int places, int workers) {
    if (workers < places) {
      say(
          "%d workers could work at once: the run has train.workers = %d, which is part of its"
              + " result",
          places, workers);
    }
  }

  @Override
  public void loaded(ImagesLoaded images) {
    images.encoded().ifPresent(how -> say("%s", how));
    sayBad(images.bad(), "records", images.badLines());
  }

  @Override
  public void testLoaded(long bad, String badLines) {
    sayBad(bad, "test records", badLines);
  }

  private void sayBad(long bad, String what, String lines) {
    if (bad > 0) {
      warn(String.format(Locale.ROOT, "%,d unusable %s are left out:%n%s", bad, what, lines));
    }
  }

  @Override
  public void estimated(String summary, List<String> advice) {
    say("estimate: %s", summary);
    advice.forEach(line -> say("advice: %s", line));
  }

  @Override
  public void featuresPlanned(String line) {
    say("%s", line);
  }

  @Override
  public void classesWeighed(String line) {
    say("%s", Visible.of(line));
  }

  @Override
  public void roundStarts(RoundStart round) {
    List<EpochMetrics> history = round.history();
    int rounds = round.rounds();
    double seconds = history.isEmpty() ? 0 : history.get(history.size() - 1).seconds() / rounds;
    double share = (double) round.round() / rounds;
    String label = "epoch %s/%s".formatted(round.epoch() + 1, epochs());
    bar.ifPresent(b -> b.expect(label, share, (round.round() + 1.0) / rounds, seconds));
  }

  @Override
  public void epochDone(EpochDone epoch) {
    say("%s", EpochLine.of(epoch.history(), epochs()));
    if (epoch.last() && epoch.history().size() < epochs()) {
      say(
          "stops after epoch %d of %d: the %s accuracy has not improved in"
              + " early-stopping.patience = %d epochs",
          epoch.history().size(),
          epochs(),
          epoch.metrics().set(),
          config.earlyStopping().patience());
    }
  }

  private int epochs() {
    return config.epochs();
  }

  @Override
  public void finished(RunResult result) {
    finished(result, directory);
  }

  private void finished(RunResult result, Path where) {
    say("%s", TimeTable.of(result));
    result
        .validation()
        .ifPresent(
            by -> say("validation accuracy %.2f %%  loss %.4f", 100 * by.accuracy(), by.loss()));
    result
        .metrics()
        .flatMap(RunConsole::tested)
        .ifPresent(which -> say("%s of %d; --best names its model", which, result.epochs()));
    say("%s", summary(result));
    result.metrics().ifPresent(test -> say("%s", test.line()));
    say("result in %s", PathText.child(where, "result.json"));
  }

  private static Optional<String> tested(TestMetrics test) {
    return test.epoch().isPresent()
        ? Optional.of("the best by validation images, so tested: epoch " + test.epoch().getAsInt())
        : Optional.empty();
  }

  /** The run was complete before this start. */
  public void alreadyFinished(RunResult result, Path where) {
    say("run %s is already finished; nothing was trained", result.runId());
    finished(result, where);
  }

  /** Something went wrong that does not end the run. */
  public void warn(String message) {
    say("warning: %s", message);
  }

  /** Says what goes on if nothing was said for so long. */
  public synchronized void alive(String doing, Duration silence) {
    if (bar.isEmpty() && System.nanoTime() - said >= silence.toNanos()) {
      say("… %s", doing.isEmpty() ? "working" : Visible.of(doing));
    }
  }

  private static String countEpochs(int epochs) {
    return epochs == 1 ? "1 epoch" : epochs + " epochs";
  }

  private static String summary(RunResult result) {
    return String.format(
        Locale.ROOT,
        "test accuracy %.2f %%  loss %.4f  %s in %s  %,.0f images/s  %s%nparameters-sha256" + " %s",
        100 * result.testAccuracy(),
        result.testLoss(),
        countEpochs(result.epochs()),
        EpochLine.clock(result.seconds()),
        result.trainImagesPerSecond(),
        result.kernels(),
        result.parametersSha256());
  }

  /** Trackers warn from threads of their own. */
  private synchronized void say(String form, Object... arguments) {
    bar.ifPresent(ProgressBar::erase);
    said = System.nanoTime();
    out.println(ShownText.format(form, arguments));
    out.flush();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
