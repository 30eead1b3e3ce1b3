package dev.featuremap.train;

import java.io.Serializable;

/**
 * When a task was at work, by the clock of the process it ran in: times of one process can be
 * compared, those of two cannot.
 *
 * <p>A plain class of primitive fields, since it travels from executors to the driver.
 */
public final class WorkTime implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No work at all. */
  public static final WorkTime NONE = new WorkTime("", 0, 0, 0);

  private final String process;
  private final long beginNanos;
  private final long endNanos;
  private final long waitNanos;

  /**
   * Work between two readings of {@link System#nanoTime()}.
   *
   * @param process whose clock it was; empty while nobody compares
   * @param waitNanos how much of it was spent waiting for images
   */
  public WorkTime(String process, long beginNanos, long endNanos, long waitNanos) {
    this.process = process;
    this.beginNanos = beginNanos;
    this.endNanos = endNanos;
    this.waitNanos = waitNanos;
  }

  /** The same work, in a process with a name. */
  public WorkTime in(String name) {
    return new WorkTime(name, beginNanos, endNanos, waitNanos);
  }

  /** Whose clock it was. */
  public String process() {
    return process;
  }

  /** When work began. */
  public long beginNanos() {
    return beginNanos;
  }

  /** When work was done. */
  public long endNanos() {
    return endNanos;
  }

  /** How long the work took, waiting included. */
  public long nanos() {
    return endNanos - beginNanos;
  }

  /** How much of it was spent waiting for images. */
  public long waitNanos() {
    return waitNanos;
  }
}
