package dev.featuremap.job.storage;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.spec.Visible;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what failed for a passing reason, with growing random pauses, until a deadline.
 *
 * <p>Failures that another attempt cannot cure, of which {@link StorageFault} has a table, are
 * thrown at once. Hadoop's clients retry by themselves below this; a pause here is taken on top of
 * theirs.
 *
 * @param firstPause the mean pause after the first failure; it doubles with each further one
 * @param longestPause the mean pause never grows above this
 * @param deadline no attempt but an operation's first begins later than this after the first
 *     failure since the store's last answer
 */
public record Retries(Duration firstPause, Duration longestPause, Duration deadline) {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  /** Pauses from 100 ms to 5 s, for one minute. */
  public static final Retries DEFAULT =
      new Retries(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(1));

  /** One try of an operation. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  /**
   * The result of the first attempt that succeeds.
   *
   * @param outage what operations of this kind share; its time counts against the deadline
   * @param action what is done to {@code path}, for messages, as in {@code read}
   * @throws IOException a failure that another attempt cannot cure
   * @throws JobException with exit code 74 when attempts kept failing until the deadline
   */
  <T> T run(Outage outage, String action, Path path, Attempt<T> attempt) throws IOException {
    for (int failures = 0; ; ) {
      long start = System.nanoTime();
      try {
        T result = attempt.run();
        outage.end();
        if (failures > 0) {
          LOG.warn("Could {} {} after {} failures", action, Visible.of(path.toString()), failures);
        }
        return result;
      } catch (IOException failure) {
        StorageFault fault = StorageFault.of(failure);
        if (!fault.passes(outage.hasAnswered())) {
          if (fault != StorageFault.UNKNOWN_HOST) {
            outage.end();
          }
          throw failure;
        }
        long begin = outage.since(start, System.nanoTime(), deadline);
        Duration pause = pause(failures);
        failures++;
        if (since(begin) + pause.toMillis() > deadline.toMillis()) {
          throw exhausted(action, path, failures, since(begin), failure);
        }
        LOG.warn(
            "Cannot {} {} yet, trying again in {}: {}",
            action,
            Visible.of(path.toString()),
            pause,
            Visible.of(failure.toString()));
        sleep(pause, failure, action, path);
      }
    }
  }

  /** Between half and one and a half of the mean, so that drivers do not knock in step. */
  private Duration pause(int failures) {
    long mean = firstPause.toMillis() << Math.min(failures, 20);
    long bounded = Math.min(mean, longestPause.toMillis());
    return Duration.ofMillis(bounded / 2 + ThreadLocalRandom.current().nextLong(bounded + 1));
  }

  private static void sleep(Duration pause, IOException failure, String action, Path path) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure.addSuppressed(e);
      throw JobException.storageFailed(
          "Cannot %s %s: interrupted while waiting to try again after %s."
              .formatted(action, path, failure),
          failure);
    }
  }

  private static JobException exhausted(
      String action, Path path, int failures, long millis, IOException last) {
    return JobException.storageFailed(
        "Cannot %s %s: storage must answer within the deadline, got %s failures in %s ms, the last: %s. Submit the same command again when the store works."
            .formatted(action, path, failures, millis, last),
        last);
  }

  private static long since(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
