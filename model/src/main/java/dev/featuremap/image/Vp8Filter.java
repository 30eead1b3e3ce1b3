package dev.featuremap.image;

/** Smooths the edges of blocks (RFC 6386, section 15), in the order of the blocks. */
final class Vp8Filter {
  private final Vp8Head head;
  private final Vp8Plane luma;
  private final Vp8Plane blue;
  private final Vp8Plane red;

  /** Of the block that is filtered: how much neighbours of an edge may differ. */
  private int inside;

  private int sharp;

  Vp8Filter(Vp8Head head, Vp8Plane luma, Vp8Plane blue, Vp8Plane red) {
    this.head = head;
    this.luma = luma;
    this.blue = blue;
    this.red = red;
  }

  /**
   * Filters all blocks.
   *
   * @param levels by row and column; negative where edges inside a block stay
   */
  void apply(int[][] levels) {
    for (int row = 0; row < levels.length; row++) {
      for (int column = 0; column < levels[row].length; column++) {
        int level = Math.abs(levels[row][column]);
        if (level > 0) {
          block(row, column, level, levels[row][column] > 0);
        }
      }
    }
  }

  private void block(int row, int column, int level, boolean inner) {
    inside = level;
    if (head.sharpness > 0) {
      inside = Math.min(level >> (head.sharpness > 4 ? 2 : 1), 9 - head.sharpness);
    }
    inside = Math.max(1, inside);
    sharp = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    int limit = 2 * level + inside;
    for (int direction = 0; direction < 2; direction++) {
      boolean across = direction == 0;
      if (across ? column > 0 : row > 0) {
        edge(row, column, 0, across, limit + 4, true);
      }
      for (int k = 4; inner && k < 16; k += 4) {
        edge(row, column, k, across, limit, false);
      }
    }
  }

  /** Chroma has half as many pixels, and so one edge inside a block. */
  private void edge(int row, int column, int offset, boolean across, int limit, boolean outer) {
    line(luma, 16 * row, 16 * column, 16, offset, across, limit, outer);
    if (!head.simpleFilter && offset % 8 == 0) {
      line(blue, 8 * row, 8 * column, 8, offset / 2, across, limit, outer);
      line(red, 8 * row, 8 * column, 8, offset / 2, across, limit, outer);
    }
  }

  private void line(
      Vp8Plane plane,
      int y,
      int x,
      int length,
      int offset,
      boolean across,
      int limit,
      boolean outer) {
    int step = across ? 1 : plane.width;
    int along = across ? plane.width : 1;
    int at = y * plane.width + x + offset * step;
    for (int k = 0; k < length; k++, at += along) {
      if (head.simpleFilter) {
        if (isEdge(plane, at, step, limit)) {
          two(plane, at, step);
        }
      } else if (isEdge(plane, at, step, limit) && isSmooth(plane, at, step)) {
        if (isSharp(plane, at, step)) {
          two(plane, at, step);
        } else if (outer) {
          six(plane, at, step);
        } else {
          four(plane, at, step);
        }
      }
    }
  }

  private static boolean isEdge(Vp8Plane plane, int at, int step, int limit) {
    return 4 * difference(plane, at - step, at) + difference(plane, at - 2 * step, at + step)
        <= 2 * limit + 1;
  }

  private boolean isSmooth(Vp8Plane plane, int at, int step) {
    return difference(plane, at - 4 * step, at - 3 * step) <= inside
        && difference(plane, at - 3 * step, at - 2 * step) <= inside
        && difference(plane, at - 2 * step, at - step) <= inside
        && difference(plane, at + 3 * step, at + 2 * step) <= inside
        && difference(plane, at + 2 * step, at + step) <= inside
        && difference(plane, at + step, at) <= inside;
  }

  private boolean isSharp(Vp8Plane plane, int at, int step) {
    return difference(plane, at - 2 * step, at - step) > sharp
        || difference(plane, at + step, at) > sharp;
  }

  private static int difference(Vp8Plane plane, int a, int b) {
    return Math.abs(plane.value(a) - plane.value(b));
  }

  private static void two(Vp8Plane plane, int at, int step) {
    int outer = signed(plane.value(at - 2 * step) - plane.value(at + step));
    int slope = 3 * (plane.value(at) - plane.value(at - step)) + outer;
    plane.set(at - step, plane.value(at - step) + small(slope + 3));
    plane.set(at, plane.value(at) - small(slope + 4));
  }

  private static void four(Vp8Plane plane, int at, int step) {
    int slope = 3 * (plane.value(at) - plane.value(at - step));
    int right = small(slope + 4);
    int half = (right + 1) >> 1;
    plane.set(at - 2 * step, plane.value(at - 2 * step) + half);
    plane.set(at - step, plane.value(at - step) + small(slope + 3));
    plane.set(at, plane.value(at) - right);
    plane.set(at + step, plane.value(at + step) - half);
  }

  private static void six(Vp8Plane plane, int at, int step) {
    int outer = signed(plane.value(at - 2 * step) - plane.value(at + step));
    int slope = signed(3 * (plane.value(at) - plane.value(at - step)) + outer);
    for (int k = 0; k < 3; k++) {
      int change = (9 * (3 - k) * slope + 63) >> 7;
      plane.set(at - (k + 1) * step, plane.value(at - (k + 1) * step) + change);
      plane.set(at + k * step, plane.value(at + k * step) - change);
    }
  }

  private static int signed(int value) {
    return Math.max(-128, Math.min(127, value));
  }

  /** An eighth, of 5 bits with its sign. */
  private static int small(int value) {
    return Math.max(-16, Math.min(15, value >> 3));
  }
}
