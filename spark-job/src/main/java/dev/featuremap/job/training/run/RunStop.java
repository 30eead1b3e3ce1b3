package dev.featuremap.job.training.run;

import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.config.Limits;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.training.rounds.TrainingProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ends a run before its last epoch, when its time is up or the process is told to end. The training
 * thread asks before each job; a job that takes longer than there is time for is cancelled.
 *
 * <p>A process that is told to end runs hooks and then dies. The hook installed here comes before
 * those of Spark and Hadoop, and holds them up until the run has ended or its grace is over: half
 * of that is for the job that is running, the other half for a checkpoint.
 */
final class RunStop implements AutoCloseable {
  // Spark's hook has 40, the one that closes Hadoop's file systems 10.
  private static final int HOOK_PRIORITY = 100;

  // A job may start right after all jobs were cancelled.
  private static final Duration BETWEEN_CANCELLATIONS = Duration.ofMillis(200);

  /** Why a run ends early. */
  enum Cause {
    /** Its time is up, or does not suffice for another job. */
    TIME(ExitCode.OUT_OF_TIME),
    /** The process was told to end. */
    SIGNAL(ExitCode.KILLED);

    private final ExitCode exitCode;

    Cause(ExitCode exitCode) {
      this.exitCode = exitCode;
    }

    ExitCode exitCode() {
      return exitCode;
    }
  }

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final long started;
  private final Timer timer = new Timer("run-stop", true);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::processEnds;
  private volatile JobContext jobs;
  private volatile Cause cause;
  private volatile boolean cancelling;
  private long lastAsked = -1;
  private long longest;

  private RunStop(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
  }

  /** Watches a run that starts now, until it is closed. */
  static RunStop watch(Limits limits, LongSupplier nanoTime) {
    RunStop stop = new RunStop(limits, nanoTime);
    Duration patience = limits.grace().plusSeconds(5);
    ShutdownHookManager.get()
        .addShutdownHook(stop.hook, HOOK_PRIORITY, patience.toMillis(), TimeUnit.MILLISECONDS);
    limits.time().ifPresent(time -> stop.cancelAfter(time, Cause.TIME));
    return stop;
  }

  /** From now on this command's jobs are cancelled when it is time. */
  void cancelsJobsOf(JobContext context) {
    jobs = context;
  }

  /**
   * Why the run must end now instead of starting another job; asked before each. The time limit
   * counts as reached where the longest job so far, with what follows it, would no longer fit.
   */
  Optional<Cause> beforeJob() {
    long now = nanoTime.getAsLong();
    if (lastAsked >= 0) {
      longest = Math.max(longest, now - lastAsked);
    }
    lastAsked = now;
    long expectedEnd = now - started + longest;
    if (limits.time().filter(time -> expectedEnd > time.toNanos()).isPresent()) {
      request(Cause.TIME);
    }
    return Optional.ofNullable(cause);
  }

  /** Why jobs that were running have been cancelled; empty when none were. */
  Optional<Cause> cancelled() {
    return cancelling ? Optional.of(cause) : Optional.empty();
  }

  /**
   * How a run ends whose jobs were cancelled before its first round of this start; empty when none
   * were.
   */
  Optional<JobException> exception(RunId run) {
    return cancelled().map(why -> exception(why, run, "No round was done in this start."));
  }

  /**
   * How a run ends that is saved.
   *
   * @param progress up to where
   * @param advanced true when a round was done in this start
   */
  JobException exception(Cause why, RunId run, TrainingProgress progress, boolean advanced) {
    String rounds =
        progress.isBetweenEpochs()
            ? ""
            : " and %s rounds of the next".formatted(progress.nextRound());
    String saved = "It is saved as of epoch %s%s.".formatted(progress.epoch(), rounds);
    String advice =
        advanced || why == Cause.SIGNAL
            ? ""
            : " No round was done in that time: give it more, or shorter rounds by sync.every.";
    return exception(why, run, saved + advice);
  }

  private JobException exception(Cause why, RunId run, String state) {
    String reason =
        switch (why) {
          case TIME ->
              "in limits.max-minutes = %s".formatted(limits.time().orElseThrow().toMillis() / 6e4);
          case SIGNAL -> "now: its process was told to end, by a signal or by Spark";
        };
    return new JobException(
        why.exitCode(),
        "Cannot finish run %s %s. %s Started again under its run id, it goes on."
            .formatted(run, reason, state));
  }

  /** What runs when the process ends. */
  Runnable hook() {
    return hook;
  }

  private void processEnds() {
    if (ended.getCount() == 0) {
      return;
    }
    request(Cause.SIGNAL);
    cancelAfter(limits.grace().dividedBy(2), Cause.SIGNAL);
    try {
      ended.await(limits.grace().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void request(Cause why) {
    if (cause == null) {
      cause = why;
    }
  }

  private void cancelAfter(Duration delay, Cause why) {
    TimerTask cancel =
        new TimerTask() {
          @Override
          public void run() {
            request(why);
            cancelling = true;
            if (jobs != null) {
              jobs.cancelJobs();
            }
          }
        };
    timer.schedule(cancel, delay.toMillis(), BETWEEN_CANCELLATIONS.toMillis());
  }

  /** The run has ended, in whatever way, and says so in its files. */
  @Override
  public void close() {
    timer.cancel();
    ended.countDown();
    try {
      ShutdownHookManager.get().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and goes on to do so.
      return;
    }
  }
}
