package dev.featuremap.train;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that share the parts of one task after another. The caller takes part
 * 0; threads that wait sleep, since the cores of an executor are shared.
 *
 * <p>A task allocates nothing here. Closing ends the threads.
 */
public final class Team implements AutoCloseable {

  /** Work in parts that may run at the same time. */
  public interface Task {
    /** Does one part. */
    void run(int part, int parts);
  }

  private static final long PATIENCE_NANOS = 50_000;

  private final Thread[] helpers;
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private Task task;
  private Thread caller;
  private volatile Throwable failure;
  private volatile boolean closed;

  /** The calling thread by itself. */
  public static Team alone() {
    return new Team(1);
  }

  /** Starts {@code threads - 1} helpers, as daemons. */
  public Team(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot start a team: expected at least 1 thread, got %s.".formatted(threads));
    }
    helpers = new Thread[threads - 1];
    for (int k = 0; k < helpers.length; k++) {
      int part = k + 1;
      helpers[k] = new Thread(() -> help(part), "featuremap-team-" + part);
      helpers[k].setDaemon(true);
      helpers[k].start();
    }
  }

  /** How many threads work, the caller among them. */
  public int threads() {
    return helpers.length + 1;
  }

  /** Runs all parts and returns when the last is done; rethrows the first failure. */
  public void run(Task work) {
    if (helpers.length == 0) {
      work.run(0, 1);
      return;
    }
    task = work;
    caller = Thread.currentThread();
    failure = null;
    running.set(helpers.length);
    rounds.incrementAndGet();
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
    part(work, 0);
    boolean interrupted = false;
    long patience = System.nanoTime() + PATIENCE_NANOS;
    while (running.get() > 0 && System.nanoTime() - patience < 0) {
      Thread.onSpinWait();
    }
    while (running.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    task = null;
    if (interrupted) {
      caller.interrupt();
    }
    rethrow(failure);
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private void help(int part) {
    int seen = 0;
    while (true) {
      long patience = System.nanoTime() + PATIENCE_NANOS;
      while (rounds.get() == seen && System.nanoTime() - patience < 0) {
        Thread.onSpinWait();
      }
      while (rounds.get() == seen && !closed) {
        LockSupport.park(this);
      }
      if (closed) {
        return;
      }
      seen++;
      part(task, part);
      if (running.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void part(Task work, int part) {
    try {
      work.run(part, helpers.length + 1);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
