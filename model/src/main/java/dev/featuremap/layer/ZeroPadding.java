package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Copies feature maps into larger ones that are zero elsewhere, or another constant: a border
 * around them for padding, gaps between their pixels for the transpose of a stride. Pixels that
 * fall outside are dropped.
 */
public final class ZeroPadding {
  private final Shape from;
  private final Shape to;
  private final int top;
  private final int left;
  private final Extent step;
  private final float border;
  private final Scratch.Buffer padded; // null when there is nothing to pad

  /**
   * A copy that puts pixel {@code [y, x]} at {@code [top + step.rows · y, left + step.columns ·
   * x]}.
   *
   * @param top may be negative, as {@code left}
   * @param to as many channels as {@code from}
   */
  public ZeroPadding(Shape from, int top, int left, Extent step, Shape to, Scratch scratch) {
    this(from, top, left, step, to, 0f, scratch);
  }

  private ZeroPadding(
      Shape from, int top, int left, Extent step, Shape to, float border, Scratch scratch) {
    this.from = from;
    this.to = to;
    this.top = top;
    this.left = left;
    this.step = step;
    boolean identity = from.equals(to) && top == 0 && left == 0 && step.equals(Extent.ONE);
    this.border = border;
    this.padded = identity ? null : scratch.reserve(Scratch.Use.PADDED, to.blockSize());
  }

  /** A copy that puts the first pixel at {@code [top, left]} and {@code border} around the maps. */
  public static ZeroPadding with(
      float border, Shape from, int top, int left, Shape to, Scratch scratch) {
    return new ZeroPadding(from, top, left, Extent.ONE, to, border, scratch);
  }

  /** The same copy for another thread. */
  public ZeroPadding fork(Scratch scratch) {
    return new ZeroPadding(from, top, left, step, to, border, scratch);
  }

  /**
   * The padded maps, valid until the thread pads again; {@code values} itself when there is nothing
   * to pad.
   *
   * @param values {@code [from, 16]}
   * @return {@code [to, 16]}
   */
  public float[] apply(float[] values) {
    if (padded == null) {
      return values;
    }
    float[] target = padded.floats();
    copy(values, target);
    return target;
  }

  /**
   * Pads into an array of the caller.
   *
   * @param values {@code [from, 16]}
   * @param target {@code [to, 16]}, overwritten; not {@code values}
   */
  public void copy(float[] values, float[] target) {
    int firstRow = firstInside(top, step.rows());
    int endRow = endInside(top, step.rows(), from.height(), to.height());
    int done = 0;
    for (int c = 0; c < from.channels(); c++) {
      for (int y = firstRow; y < endRow; y++) {
        int source = (c * from.height() + y) * from.width();
        int row = (c * to.height() + top + step.rows() * y) * to.width() + left;
        done = copyRow(values, source, target, row, done);
      }
    }
    Arrays.fill(target, done, to.blockSize(), border);
  }

  /** Copies a row, and fills what lies before and between its pixels, from {@code done} on. */
  private int copyRow(float[] values, int source, float[] target, int row, int done) {
    int columns = step.columns();
    int first = firstInside(left, columns);
    int end = endInside(left, columns, from.width(), to.width());
    int run = columns == 1 ? end - first : 1;
    int filled = done;
    for (int x = first; x < end; x += run) {
      int at = (row + columns * x) * Lanes.COUNT;
      Arrays.fill(target, filled, at, border);
      System.arraycopy(values, (source + x) * Lanes.COUNT, target, at, run * Lanes.COUNT);
      filled = at + run * Lanes.COUNT;
    }
    return filled;
  }

  /** The first index whose target is not negative. */
  private static int firstInside(int offset, int step) {
    return offset >= 0 ? 0 : (step - 1 - offset) / step;
  }

  /** The first index after which targets are {@code limit} or more, at most {@code size}. */
  private static int endInside(int offset, int step, int size, int limit) {
    return Math.min(size, Math.floorDiv(limit - 1 - offset, step) + 1);
  }
}
