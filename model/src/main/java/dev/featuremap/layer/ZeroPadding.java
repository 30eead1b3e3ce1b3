package dev.featuremap.layer;

import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Copies feature maps into larger ones that are zero elsewhere, or another constant: a border
 * around them for padding, gaps between their pixels for the transpose of a stride. Pixels that
 * fall outside are dropped.
 */
final class ZeroPadding {
  private final Shape from;
  private final Shape to;
  private final int top;
  private final int left;
  private final int step;
  private final float border;
  private final float[] padded;

  /**
   * A copy that puts pixel {@code [y, x]} at {@code [top + step · y, left + step · x]}.
   *
   * @param top may be negative, as {@code left}
   * @param to as many channels as {@code from}
   */
  ZeroPadding(Shape from, int top, int left, int step, Shape to) {
    this(from, top, left, step, to, 0f);
  }

  private ZeroPadding(Shape from, int top, int left, int step, Shape to, float border) {
    this.from = from;
    this.to = to;
    this.top = top;
    this.left = left;
    this.step = step;
    boolean identity = from.equals(to) && top == 0 && left == 0 && step == 1;
    this.border = border;
    this.padded = identity ? null : new float[to.blockSize()];
    if (border != 0f && padded != null) {
      Arrays.fill(padded, border);
    }
  }

  /** A border of {@code sides} pixels that hold {@code border}. */
  static ZeroPadding around(Shape from, int sides, float border) {
    Shape to = new Shape(from.channels(), from.height() + 2 * sides, from.width() + 2 * sides);
    return new ZeroPadding(from, sides, sides, 1, to, border);
  }

  /** Cuts a border of {@code sides} pixels off. */
  static ZeroPadding inside(Shape from, int sides, Shape to) {
    return new ZeroPadding(from, -sides, -sides, 1, to);
  }

  /** The same copy with a buffer of its own. */
  ZeroPadding fork() {
    return new ZeroPadding(from, top, left, step, to, border);
  }

  /**
   * The padded maps, valid until the next call; {@code values} itself when there is nothing to pad.
   *
   * @param values {@code [from, 16]}
   * @return {@code [to, 16]}
   */
  float[] apply(float[] values) {
    if (padded == null) {
      return values;
    }
    int firstRow = firstInside(top);
    int endRow = endInside(top, from.height(), to.height());
    for (int c = 0; c < from.channels(); c++) {
      for (int y = firstRow; y < endRow; y++) {
        int source = (c * from.height() + y) * from.width();
        int target = (c * to.height() + top + step * y) * to.width() + left;
        copyRow(values, source, target);
      }
    }
    return padded;
  }

  private void copyRow(float[] values, int source, int target) {
    int first = firstInside(left);
    int end = endInside(left, from.width(), to.width());
    int run = step == 1 ? end - first : 1;
    for (int x = first; x < end; x += run) {
      System.arraycopy(
          values,
          (source + x) * Lanes.COUNT,
          padded,
          (target + step * x) * Lanes.COUNT,
          run * Lanes.COUNT);
    }
  }

  /** The first index whose target is not negative. */
  private int firstInside(int offset) {
    return offset >= 0 ? 0 : (step - 1 - offset) / step;
  }

  /** The first index after which targets are {@code limit} or more, at most {@code size}. */
  private int endInside(int offset, int size, int limit) {
    return Math.min(size, Math.floorDiv(limit - 1 - offset, step) + 1);
  }
}
