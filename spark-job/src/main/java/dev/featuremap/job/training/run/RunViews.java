package dev.featuremap.job.training.run;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.job.watch.RunStart;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What others see of a run: the views in its directory, which must be written, and the listeners,
 * which are told afterwards.
 */
final class RunViews {
  private static final int EPOCHS_A_WRITE = 100;
  private static final long NANOS_BETWEEN = 10_000_000_000L;

  private final RunFiles files;
  private final RunListeners listeners;
  private volatile Optional<RunStatus> status = Optional.empty();

  /** Epochs that {@code metrics.jsonl} does not have all yet; none when it has. */
  private List<EpochMetrics> behind = List.of();

  private int written;
  private long lastWritten = System.nanoTime();

  RunViews(RunFiles files, RunListeners listeners) {
    this.files = files;
    this.listeners = listeners;
  }

  /** True once the run's status says that this driver works on it. */
  boolean isStarted() {
    return status.isPresent();
  }

  void started(RunStart start) {
    write(start.status());
    listeners.started(start);
  }

  /** Says once more what was said last, if {@code isHeld} and the run goes on; for any thread. */
  void alive(BooleanSupplier isHeld) {
    boolean known = status.filter(now -> now.state() == RunStatus.State.RUNNING).isPresent();
    if (known && isHeld.getAsBoolean()) {
      synchronized (this) {
        status
            .filter(now -> now.state() == RunStatus.State.RUNNING)
            .ifPresent(now -> write(now.alive(now())));
      }
    }
  }

  void epochDone(EpochDone epoch) {
    metrics(epoch.history());
    write(status.orElseThrow().atEpoch(epoch.history().size(), now()));
    listeners.epochDone(epoch);
  }

  /**
   * Object stores cannot append, so the lines are written as a whole: after every epoch up to 199,
   * and where epochs take long; else whenever they are a hundredth more.
   */
  private void metrics(List<EpochMetrics> history) {
    int more = history.size() - written;
    if (more * EPOCHS_A_WRITE >= history.size()
        || System.nanoTime() - lastWritten >= NANOS_BETWEEN) {
      files.metrics(history);
      behind = List.of();
      written = history.size();
      lastWritten = System.nanoTime();
    } else {
      behind = history;
    }
  }

  /**
   * The run is complete.
   *
   * @param marker the text that marks it so
   */
  void finished(RunResult result, List<EpochMetrics> history, String marker) {
    files.metrics(history);
    behind = List.of();
    files.result(result);
    write(status.orElseThrow().atEpoch(history.size(), now()).finished(now()));
    files.success(marker);
    listeners.finished(result);
  }

  /** This driver gives up; whoever can still be told is told. */
  void failed(ExitCode code, String reason) {
    RunStatus failed = status.orElseThrow().failed(code, reason, now());
    try {
      if (!behind.isEmpty()) {
        files.metrics(behind);
        behind = List.of();
      }
      write(failed);
    } finally {
      listeners.failed(failed);
    }
  }

  private synchronized void write(RunStatus now) {
    status = Optional.of(now);
    files.status(now);
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
