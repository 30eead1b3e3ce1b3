package dev.featuremap.train;

import java.io.Serializable;

/** A worker's result on its way to where it is joined. A plain class, since it travels. */
public final class PackedResult implements Serializable {
  private static final long serialVersionUID = 1L;

  private final WorkerResult report;
  private final WireVector vector;

  /**
   * A result in two parts.
   *
   * @param report what the worker tells of itself, without its vector
   */
  public PackedResult(WorkerResult report, WireVector vector) {
    this.report = report;
    this.vector = vector;
  }

  /** What the worker tells of itself, without its vector. */
  public WorkerResult report() {
    return report;
  }

  /** The same with the part {@code [from, to)} of the vector alone. */
  public PackedResult part(int from, int to) {
    return new PackedResult(report, vector.part(from, to));
  }

  /**
   * The result as the worker meant it.
   *
   * @param start the state that it started from
   * @param from where in it the vector starts
   */
  public WorkerResult unpack(float[] start, int from) {
    return report.with(vector.values(start, from));
  }
}
