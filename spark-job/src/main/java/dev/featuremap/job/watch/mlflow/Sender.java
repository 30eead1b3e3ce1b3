package dev.featuremap.job.watch.mlflow;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Brings the newest of what it is given to a place that may be slow or away, by a thread of its
 * own. What was given before and not delivered is dropped: the newest says it all. A failed
 * delivery is repeated after a pause.
 *
 * @param <T> what is delivered
 */
final class Sender<T> implements AutoCloseable {

  /** The way to the place. */
  interface Delivery<T> {
    /** Delivers, or throws; what has arrived in part is known to the next call. */
    void deliver(T newest) throws IOException;

    /** Ends a delivery that waits, and fails those to come; called by another thread. */
    void abandon();
  }

  /**
   * How long is waited.
   *
   * @param pause after a failure
   * @param end for the last delivery, if the one before it worked
   * @param lostEnd for the last delivery, if the one before it failed
   * @param abandoned for the thread's end after a delivery was abandoned
   */
  record Limits(Duration pause, Duration end, Duration lostEnd, Duration abandoned) {}

  private final Delivery<T> delivery;
  private final Limits limits;
  private final Consumer<String> problem;
  private final Thread thread;
  private T newest;
  private boolean closing;
  private boolean abandoned;
  private boolean failing;
  private boolean busy;
  private long busySince;
  private boolean told;

  /**
   * Starts the thread.
   *
   * @param problem is told of the first failure, by the thread
   */
  Sender(String threadName, Delivery<T> delivery, Limits limits, Consumer<String> problem) {
    this.delivery = delivery;
    this.limits = limits;
    this.problem = problem;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /** Has {@code value} delivered in place of what was given before. */
  synchronized void send(T value) {
    newest = value;
    notifyAll();
  }

  /** Waits for the last delivery as long as the limits say, and ends the thread. */
  @Override
  public void close() {
    try {
      thread.join(Math.max(1, beginClosing().toMillis()));
      if (thread.isAlive()) {
        abandon();
        thread.join(limits.abandoned().toMillis());
      }
    } catch (InterruptedException e) {
      abandon();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the delivery under way, and lets no other begin. */
  private void abandon() {
    synchronized (this) {
      abandoned = true;
    }
    delivery.abandon();
    thread.interrupt();
  }

  /** What is left of the time for the end: less if nothing comes back. */
  private synchronized Duration beginClosing() {
    closing = true;
    notifyAll();
    if (failing) {
      return limits.lostEnd();
    }
    Duration left = busy ? limits.end().minusNanos(System.nanoTime() - busySince) : limits.end();
    return left.compareTo(limits.lostEnd()) < 0 ? limits.lostEnd() : left;
  }

  private void run() {
    try {
      for (T value = take(); value != null; value = take()) {
        if (!deliver(value)) {
          giveBack(value);
        }
      }
    } catch (InterruptedException e) {
      // The end has come.
    }
  }

  private synchronized T take() throws InterruptedException {
    while (newest == null && !closing) {
      wait();
    }
    T taken = abandoned ? null : newest;
    newest = null;
    busy = taken != null;
    busySince = System.nanoTime();
    return taken;
  }

  private boolean deliver(T value) {
    try {
      delivery.deliver(value);
      arrived(true);
      return true;
    } catch (IOException | RuntimeException e) {
      arrived(false);
      if (!told) {
        told = true;
        problem.accept(e.getMessage() == null ? e.toString() : e.getMessage());
      }
      return false;
    }
  }

  private synchronized void arrived(boolean well) {
    busy = false;
    failing = !well;
  }

  /** Keeps what failed, unless there is something newer, and waits; at the end it is dropped. */
  private synchronized void giveBack(T value) throws InterruptedException {
    if (closing) {
      return;
    }
    newest = newest == null ? value : newest;
    long end = System.nanoTime() + limits.pause().toNanos();
    for (long left = end - System.nanoTime(); left > 0 && !closing; ) {
      wait(Math.max(1, left / 1_000_000));
      left = end - System.nanoTime();
    }
  }
}
