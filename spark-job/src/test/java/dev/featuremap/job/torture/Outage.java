package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.SubmittedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A store that does not serve for a while, short or longer than a driver waits.
 *
 * @param begin what makes it so
 * @param end what heals it
 */
record Outage(Switch begin, Switch end) {
  /** A minute, and what Hadoop's clients wait by themselves within the last attempt. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /** Something done to a store. */
  interface Switch {
    void turn() throws Exception;
  }

  /**
   * What became of a run.
   *
   * @param when the outage was, for the ledger
   * @param of the run
   */
  record Outcome(String when, String of) {}

  /** For so long, which the run must not mind; nothing if it had ended before. */
  Optional<Outcome> lasting(Duration length, Subject subject, Duration moment) throws Exception {
    try (SubmittedJob job = startUntil(subject, moment)) {
      if (job.hasEnded()) {
        return Optional.empty();
      }
      begin.turn();
      try {
        TimeUnit.MILLISECONDS.sleep(length.toMillis());
      } finally {
        end.turn();
      }
      String when = "%d s after %d ms".formatted(length.toSeconds(), moment.toMillis());
      return Optional.of(new Outcome("for " + when, subject.outcome(job)));
    }
  }

  /**
   * Until the driver ends, which must be in time and leave a checkpoint to resume from; nothing if
   * the run had ended before, or did without the store.
   */
  Optional<Outcome> untilTheEndOf(Subject subject, Duration moment) throws Exception {
    try (SubmittedJob job = startUntil(subject, moment)) {
      if (job.hasEnded()) {
        return Optional.empty();
      }
      begin.turn();
      Instant start = Instant.now();
      int code;
      try {
        code = job.waitFor(DEADLINE);
      } catch (IllegalStateException e) {
        job.kill();
        return Optional.of(new Outcome("after %d ms".formatted(moment.toMillis()), "stuck"));
      } finally {
        end.turn();
      }
      long seconds = Duration.between(start, Instant.now()).toSeconds();
      String when = "after %d ms, over after %d s".formatted(moment.toMillis(), seconds);
      if (code == ExitCode.OK.code()) {
        return Optional.empty();
      }
      return Optional.of(
          new Outcome(
              when,
              code == ExitCode.STORAGE_FAILED.code()
                  ? subject.resume(job)
                  : "exit code %d: %s".formatted(code, job.errors())));
    }
  }

  private static SubmittedJob startUntil(Subject subject, Duration moment) throws Exception {
    SubmittedJob job = subject.start(submission -> submission);
    Subject.awaitTraining(job);
    TimeUnit.MILLISECONDS.sleep(moment.toMillis());
    return job;
  }
}
