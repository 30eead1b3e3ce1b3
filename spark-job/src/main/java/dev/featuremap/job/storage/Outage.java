package dev.featuremap.job.storage;

import java.time.Duration;

/**
 * How long one kind of operation of a store has met nothing but passing failures, whoever asked.
 *
 * <p>Operations that fail one after the other wait for one deadline together: when a checkpoint has
 * waited it out, the run's status and its report do not wait again. Safe for use by several
 * threads.
 */
final class Outage {
  private long begin;
  private long latest;
  private boolean lasts;
  private boolean answered;

  /**
   * Notes a passing failure.
   *
   * @param start when the attempt that met it began, as {@link System#nanoTime()}
   * @param now the present, likewise
   * @param patience an outage that nothing has met for so long is over
   * @return when the outage's first failure was met
   */
  synchronized long since(long start, long now, Duration patience) {
    boolean goesOn = lasts && start - latest < patience.toNanos();
    begin = goesOn ? begin : now;
    latest = now;
    lasts = true;
    return begin;
  }

  /** True when the store has ever answered. */
  synchronized boolean hasAnswered() {
    return answered;
  }

  /** Notes that the store has answered. */
  synchronized void end() {
    lasts = false;
    answered = true;
  }
}
