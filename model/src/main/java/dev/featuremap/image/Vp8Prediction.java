package dev.featuremap.image;

/** What blocks are predicted to be by the pixels above and to the left (RFC 6386, section 12). */
final class Vp8Prediction {
  /** Modes of whole blocks; those of blocks of 4 by 4 with the same effect have the same number. */
  static final int MEAN = 0;

  static final int SLOPE = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;

  private Vp8Prediction() {}

  /** Predicts a block of 16 by 16 or 8 by 8 pixels. */
  static void whole(Vp8Plane plane, int x0, int y0, int size, int mode) {
    int mean = mode == MEAN ? mean(plane, x0, y0, size) : 0;
    int corner = corner(plane, x0, y0);
    for (int y = 0; y < size; y++) {
      int left = plane.near(x0 - 1, y0 + y);
      int at = (y0 + y) * plane.width + x0;
      for (int x = 0; x < size; x++) {
        int value =
            switch (mode) {
              case VERTICAL -> plane.near(x0 + x, y0 - 1);
              case HORIZONTAL -> left;
              case SLOPE -> left + plane.near(x0 + x, y0 - 1) - corner;
              default -> mean;
            };
        plane.set(at + x, value);
      }
    }
  }

  private static int corner(Vp8Plane plane, int x0, int y0) {
    return plane.near(x0 - 1, y0 - 1);
  }

  private static int mean(Vp8Plane plane, int x0, int y0, int size) {
    int sum = 0;
    int count = 0;
    for (int k = 0; k < size; k++) {
      sum += y0 > 0 ? plane.near(x0 + k, y0 - 1) : 0;
      sum += x0 > 0 ? plane.near(x0 - 1, y0 + k) : 0;
    }
    count += y0 > 0 ? size : 0;
    count += x0 > 0 ? size : 0;
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  /**
   * Predicts a block of 4 by 4 pixels.
   *
   * @param edge the pixels around it: 4 to the left from below, the corner, 8 above
   */
  static void small(Vp8Plane plane, int at, int mode, int[] edge) {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        plane.set(at + y * plane.width + x, pixel(mode, x, y, edge));
      }
    }
  }

  private static int pixel(int mode, int x, int y, int[] e) {
    return switch (mode) {
      case MEAN -> (e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4) >> 3;
      case SLOPE -> e[3 - y] + e[5 + x] - e[4];
      case VERTICAL -> smooth(e, 5 + x);
      case HORIZONTAL -> y == 3 ? (e[1] + 3 * e[0] + 2) >> 2 : smooth(e, 3 - y);
      case 4 -> x + y == 6 ? (e[11] + 3 * e[12] + 2) >> 2 : smooth(e, 6 + x + y);
      case 5 -> smooth(e, 4 + x - y);
      case 6 -> steepRight(x, y, e);
      case 7 -> steepLeft(x, y, e);
      case 8 -> flatDown(x, y, e);
      default -> flatUp(x, y, e);
    };
  }

  /** Down and to the right, steeper than a diagonal: two rows for a column. */
  private static int steepRight(int x, int y, int[] e) {
    int place = 2 * x - y;
    if (place < -1) {
      return smooth(e, place == -2 ? 3 : 2);
    }
    return place % 2 == 0 ? mean(e, 4 + place / 2) : smooth(e, 4 + (place + 1) / 2);
  }

  private static int steepLeft(int x, int y, int[] e) {
    if (x == 3 && y >= 2) {
      return smooth(e, y == 2 ? 10 : 11);
    }
    int place = 5 + x + y / 2;
    return y % 2 == 0 ? mean(e, place) : smooth(e, place + 1);
  }

  private static int flatDown(int x, int y, int[] e) {
    int place = 2 * y - x;
    if (place < -1) {
      return smooth(e, place == -2 ? 5 : 6);
    }
    return place % 2 == 0 ? mean(e, 3 - place / 2) : smooth(e, 4 - (place + 1) / 2);
  }

  private static int flatUp(int x, int y, int[] e) {
    int place = x + 2 * y;
    if (place > 5) {
      return e[0];
    }
    if (place == 5) {
      return (e[1] + 3 * e[0] + 2) >> 2;
    }
    return place % 2 == 0 ? mean(e, 2 - place / 2) : smooth(e, 2 - place / 2);
  }

  /** Of two neighbours. */
  private static int mean(int[] e, int first) {
    return (e[first] + e[first + 1] + 1) >> 1;
  }

  /** Of three neighbours, the middle one twice. */
  private static int smooth(int[] e, int middle) {
    return (e[middle - 1] + 2 * e[middle] + e[middle + 1] + 2) >> 2;
  }
}
