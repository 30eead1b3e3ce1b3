package dev.featuremap.job.training.estimate;

import dev.featuremap.job.watch.console.EpochLine;
import dev.featuremap.train.SyncRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What to say of an estimate: how long a run takes, and what would be faster. */
public final class Advice {
  /** What an alternative must save to be worth a line: a tenth. */
  private static final double WORTH = 0.9;

  /** Share of an epoch that rounds may cost besides training before longer ones are looked for. */
  private static final double TOLERABLE_OVERHEAD = 0.1;

  private Advice() {}

  /** One line on how long it will take. */
  public static String summary(RunEstimate run, int epochs, int switchEpochs) {
    return String.format(
        Locale.ROOT,
        "rounds of an epoch %.2f s, of which sync.every = %s costs %.0f %% (reduce %.2f s, schedule %.2f s); of %d epochs %s; evaluation and checkpoints come on top",
        run.seconds(),
        run.every(),
        100 * run.overhead(),
        run.epoch().reduce(),
        run.epoch().schedule(),
        epochs,
        EpochLine.clock(run.seconds(epochs, switchEpochs)));
  }

  /** A line for each change of settings that would save a tenth of an epoch or more. */
  public static List<String> of(RunEstimate run) {
    List<String> lines = new ArrayList<>();
    otherWorkers(run).ifPresent(lines::add);
    longerRounds(run).ifPresent(lines::add);
    oneCore(run).ifPresent(lines::add);
    return lines;
  }

  private static Optional<String> otherWorkers(RunEstimate run) {
    int workers = run.workers();
    int cores = run.cores();
    if (workers < cores) {
      RunEstimate faster = run.withWorkers((int) Math.min(cores, run.images() / run.batchSize()));
      return line(
          run,
          faster,
          "%d of %d cores have no worker: with train.workers = %d",
          cores - workers,
          cores,
          faster.workers());
    }
    int left = workers % cores;
    return left == 0
        ? Optional.empty()
        : line(
            run,
            run.withWorkers(workers - left),
            "%d workers on %d cores take %d turns, and %d cores idle in the last: with train.workers = %d",
            workers,
            cores,
            run.turns(),
            cores - left,
            workers - left);
  }

  private static Optional<String> longerRounds(RunEstimate run) {
    return run.rounds() == 1
        ? Optional.empty()
        : line(
            run,
            run.with(tolerable(run)),
            "a round trains for %.1f ms and costs %.1f ms besides: with sync.every = %s",
            1e3 * run.trainingSecondsOfRound(),
            1e3 * run.overheadSecondsOfRound(),
            tolerable(run));
  }

  /** The shortest rounds whose overhead is tolerable, doubling from those there are. */
  private static SyncRule tolerable(RunEstimate run) {
    for (long steps = 2L * run.every().steps(); steps < run.stepsPerEpoch(); steps *= 2) {
      SyncRule longer = new SyncRule((int) steps);
      if (run.with(longer).overhead() <= TOLERABLE_OVERHEAD) {
        return longer;
      }
    }
    return SyncRule.EPOCH;
  }

  private static Optional<String> oneCore(RunEstimate run) {
    return run.workers() == 1
        ? Optional.empty()
        : line(
            run,
            run.onOneCore(),
            "one core is faster than %d workers on %d: with --master local[1] and train.workers = 1",
            run.workers(),
            run.cores());
  }

  private static Optional<String> line(
      RunEstimate run, RunEstimate other, String change, Object... numbers) {
    return other.seconds() < WORTH * run.seconds()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s the rounds of an epoch would take %.2f s instead of %.2f s",
                String.format(Locale.ROOT, change, numbers),
                other.seconds(),
                run.seconds()))
        : Optional.empty();
  }
}
