package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Scales images with integers alone: both axes are summed exactly, and each target pixel is rounded
 * once, halves up, to 0…255. Every JDK and machine gives the same bytes.
 */
final class Resampling {
  private Resampling() {}

  /** The image with another height and width. */
  static Pixels scale(Pixels image, int height, int width) {
    Shape shape = image.shape();
    if (shape.height() == height && shape.width() == width) {
      return image;
    }
    return scale(image, Taps.of(shape.height(), height), Taps.of(shape.width(), width));
  }

  /** The image with a row and a column for each of the taps. */
  static Pixels scale(Pixels image, Taps rows, Taps columns) {
    Shape shape = image.shape();
    int height = rows.first.length;
    int width = columns.first.length;
    byte[] scaled = new byte[shape.channels() * height * width];
    for (int c = 0; c < shape.channels(); c++) {
      int plane = c * shape.height() * shape.width();
      scalePlane(image.values(), plane, shape.width(), rows, columns, scaled, c * height * width);
    }
    return new Pixels(new Shape(shape.channels(), height, width), scaled);
  }

  private static void scalePlane(
      byte[] from, int plane, int stride, Taps rows, Taps columns, byte[] to, int start) {
    int width = columns.first.length;
    long total = rows.total * columns.total;
    long[] sums = new long[width];
    for (int y = 0; y < rows.first.length; y++) {
      Arrays.fill(sums, 0);
      for (int tap = 0; tap < rows.weights[y].length; tap++) {
        addRow(from, plane + (rows.first[y] + tap) * stride, rows.weights[y][tap], columns, sums);
      }
      for (int x = 0; x < width; x++) {
        long rounded = (sums[x] + total / 2) / total;
        to[start + y * width + x] = (byte) Math.max(0, Math.min(255, rounded));
      }
    }
  }

  private static void addRow(byte[] from, int row, long weight, Taps columns, long[] sums) {
    for (int x = 0; x < sums.length; x++) {
      long sum = 0;
      long[] weights = columns.weights[x];
      int at = row + columns.first[x];
      for (int tap = 0; tap < weights.length; tap++) {
        sum += weights[tap] * (from[at + tap] & 0xff);
      }
      sums[x] += weight * sum;
    }
  }
}
