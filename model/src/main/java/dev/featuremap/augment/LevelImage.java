package dev.featuremap.augment;

import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * One image of levels from 0 to 255, {@code [channels, rows, columns]}, and what Pillow's
 * operations make of it. All give Pillow's values: what is blended is cut off, not rounded.
 *
 * <p>One instance is filled again and again.
 */
final class LevelImage {
  private static final int LEVELS = 256;

  private final int channels;
  private final int height;
  private final int width;
  private final int plane;
  private final int[] table = new int[LEVELS];
  private final int[] counts = new int[LEVELS];
  private int[] levels;
  private int[] others;

  LevelImage(Shape shape) {
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
    plane = height * width;
    levels = new int[channels * plane];
    others = new int[channels * plane];
  }

  /** The levels; the array is live until the next operation. */
  int[] levels() {
    return levels;
  }

  /**
   * Reads each pixel {@code (x, y)} from the one at {@code (a·x + b·y + c, d·x + e·y + f)}, of the
   * coordinates of pixels' middles, in Pillow's fixed point of 16 bits; black from outside.
   */
  void move(double a, double b, double c, double d, double e, double f) {
    int columnRight = fixed(a);
    int columnDown = fixed(b);
    int rowRight = fixed(d);
    int rowDown = fixed(e);
    int firstColumn = fixed(c + a * 0.5 + b * 0.5);
    int firstRow = fixed(f + d * 0.5 + e * 0.5);
    for (int y = 0; y < height; y++) {
      int column = firstColumn;
      int row = firstRow;
      for (int at = y * width; at < (y + 1) * width; at++) {
        int fromColumn = column >> 16;
        int fromRow = row >> 16;
        boolean inside = fromColumn >= 0 && fromColumn < width && fromRow >= 0 && fromRow < height;
        int from = fromRow * width + fromColumn;
        for (int k = 0; k < channels; k++) {
          others[k * plane + at] = inside ? levels[k * plane + from] : 0;
        }
        column += columnRight;
        row += rowRight;
      }
      firstColumn += columnDown;
      firstRow += rowDown;
    }
    swap();
  }

  private static int fixed(double value) {
    return (int) Math.floor(value * 65536 + 0.5);
  }

  private void swap() {
    int[] before = levels;
    levels = others;
    others = before;
  }

  /** Turns the image around its middle, counter-clockwise. */
  void rotate(double degrees) {
    double angle = -StrictMath.toRadians(degrees);
    double cos = rounded(StrictMath.cos(angle));
    double sin = rounded(StrictMath.sin(angle));
    double middleX = width / 2.0;
    double middleY = height / 2.0;
    move(
        cos,
        sin,
        middleX - cos * middleX - sin * middleY,
        -sin,
        cos,
        middleY + sin * middleX - cos * middleY);
  }

  /** To 15 digits, so that a right angle moves whole pixels. */
  private static double rounded(double value) {
    return Math.rint(value * 1e15) / 1e15;
  }

  /** Blends the image with black. */
  void scaleBrightness(double factor) {
    for (int level = 0; level < LEVELS; level++) {
      table[level] = blend(0, level, (float) factor);
    }
    for (int c = 0; c < channels; c++) {
      map(c);
    }
  }

  /** Blends the image with its grey. */
  void scaleColour(double factor) {
    if (channels == 1) {
      return;
    }
    for (int at = 0; at < plane; at++) {
      int grey = grey(at);
      for (int k = at; k < levels.length; k += plane) {
        levels[k] = blend(grey, levels[k], (float) factor);
      }
    }
  }

  /** Blends the image with its mean grey. */
  void scaleContrast(double factor) {
    long sum = 0;
    for (int at = 0; at < plane; at++) {
      sum += grey(at);
    }
    int mean = (int) ((double) sum / plane + 0.5);
    for (int level = 0; level < LEVELS; level++) {
      table[level] = blend(mean, level, (float) factor);
    }
    for (int c = 0; c < channels; c++) {
      map(c);
    }
  }

  /** ITU-R BT.601 in Pillow's fixed point, of three channels; their mean otherwise. */
  private int grey(int at) {
    if (channels == 3) {
      return (levels[at] * 19595
              + levels[plane + at] * 38470
              + levels[2 * plane + at] * 7471
              + 0x8000)
          >> 16;
    }
    int sum = 0;
    for (int k = at; k < levels.length; k += plane) {
      sum += levels[k];
    }
    return (sum + channels / 2) / channels;
  }

  /**
   * Blends the image with its mean over 3×3 pixels, of which the middle counts five times; the
   * outermost pixels stay.
   */
  void sharpen(double factor) {
    System.arraycopy(levels, 0, others, 0, levels.length);
    for (int c = 0; c < channels; c++) {
      for (int y = 1; y < height - 1; y++) {
        int first = c * plane + y * width;
        for (int at = first + 1; at < first + width - 1; at++) {
          int sum = three(at - width) + three(at) + 4 * levels[at] + three(at + width);
          others[at] = blend((2 * sum + 13) / 26, levels[at], (float) factor);
        }
      }
    }
    swap();
  }

  private int three(int at) {
    return levels[at - 1] + levels[at] + levels[at + 1];
  }

  /** Keeps the highest bits of each level. */
  void keepBits(int bits) {
    int mask = -1 << (8 - bits);
    for (int at = 0; at < levels.length; at++) {
      levels[at] &= mask;
    }
  }

  /** Inverts the levels from a threshold on. */
  void invertFrom(double threshold) {
    for (int at = 0; at < levels.length; at++) {
      levels[at] = levels[at] < threshold ? levels[at] : 255 - levels[at];
    }
  }

  /** Stretches each channel, so that its darkest level becomes 0 and its brightest 255. */
  void stretch() {
    for (int c = 0; c < channels; c++) {
      count(c);
      int low = 0;
      while (counts[low] == 0) {
        low++;
      }
      int high = LEVELS - 1;
      while (counts[high] == 0) {
        high--;
      }
      if (high > low) {
        double scale = 255.0 / (high - low);
        for (int level = 0; level < LEVELS; level++) {
          table[level] = clipped((int) (level * scale - low * scale));
        }
        map(c);
      }
    }
  }

  /** Spreads the levels of each channel, so that they are as frequent as they can be. */
  void equalize() {
    for (int c = 0; c < channels; c++) {
      count(c);
      int high = LEVELS - 1;
      while (counts[high] == 0) {
        high--;
      }
      int step = (plane - counts[high]) / 255;
      if (step > 0) {
        int before = step / 2;
        for (int level = 0; level < LEVELS; level++) {
          table[level] = clipped(before / step);
          before += counts[level];
        }
        map(c);
      }
    }
  }

  private void count(int channel) {
    Arrays.fill(counts, 0);
    for (int at = channel * plane; at < (channel + 1) * plane; at++) {
      counts[levels[at]]++;
    }
  }

  private void map(int channel) {
    for (int at = channel * plane; at < (channel + 1) * plane; at++) {
      levels[at] = table[levels[at]];
    }
  }

  private static int blend(int first, int second, float share) {
    return clipped((int) (first + share * (second - first)));
  }

  private static int clipped(int level) {
    return Math.max(0, Math.min(255, level));
  }
}
