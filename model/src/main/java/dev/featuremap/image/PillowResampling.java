package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Scales images as Pillow 13's {@code resize} does, to the bit: along rows and along columns, each
 * rounded to a byte. So do torchvision's {@code Resize} and {@code CenterCrop} with images of
 * Pillow. Its versions before 13 always begin along rows; here and in 13, columns come first where
 * the height loses more than twice as many pixels as the width.
 */
final class PillowResampling {
  private static final int HALF = 1 << (PillowTaps.FRACTION_BITS - 1);

  private PillowResampling() {}

  /** Scales the whole image to a height and a width. */
  static Pixels scale(Pixels image, int height, int width, Resize.Filter filter) {
    return scale(image, new Part(height, 0, height), new Part(width, 0, width), filter);
  }

  /**
   * Scales the image until its shorter side is {@code shorter} and cuts the centre out; zeros where
   * that is larger.
   */
  static Pixels centre(Pixels image, int shorter, int height, int width, Resize.Filter filter) {
    Shape shape = image.shape();
    long least = Math.min(shape.height(), shape.width());
    long scaledHeight = scaled(shape.height(), shorter, least);
    long scaledWidth = scaled(shape.width(), shorter, least);
    Pixels part =
        scale(image, Part.centre(scaledHeight, height), Part.centre(scaledWidth, width), filter);
    return padded(part, height, width);
  }

  /** torchvision's {@code int(shorter * side / least)}. */
  private static long scaled(int side, int shorter, long least) {
    return (long) ((double) ((long) shorter * side) / least);
  }

  /**
   * Some of the pixels of a scaled side.
   *
   * @param side of all
   * @param start the first of those that are wanted
   * @param count how many are wanted
   */
  private record Part(long side, long start, int count) {
    /** As torchvision cuts: half a pixel goes to the even side. */
    static Part centre(long side, int most) {
      return side <= most
          ? new Part(side, 0, (int) side)
          : new Part(side, (long) Math.rint((side - most) / 2.0), most);
    }
  }

  private static Pixels scale(Pixels image, Part rows, Part columns, Resize.Filter filter) {
    Shape shape = image.shape();
    int channels = shape.channels();
    PillowTaps down = PillowTaps.of(shape.height(), rows.side, rows.start, rows.count, filter);
    PillowTaps across =
        PillowTaps.of(shape.width(), columns.side, columns.start, columns.count, filter);
    byte[] scaled = new byte[channels * rows.count * columns.count];
    for (int c = 0; c < channels; c++) {
      if (columnsFirst(shape, rows, columns)) {
        alongColumns(image, c, down, across, scaled);
      } else {
        alongRows(image, c, down, across, scaled);
      }
    }
    return new Pixels(new Shape(channels, rows.count, columns.count), scaled);
  }

  private static boolean columnsFirst(Shape shape, Part rows, Part columns) {
    long lost = shape.height() - rows.side;
    return lost > 0 && lost > 2 * (shape.width() - columns.side);
  }

  /** Of the rows that have been scaled, the latest are kept: those of one target row. */
  private static void alongRows(
      Pixels image, int channel, PillowTaps down, PillowTaps across, byte[] to) {
    Shape shape = image.shape();
    int columns = across.first.length;
    int kept = Arrays.stream(down.weights).mapToInt(weights -> weights.length).max().orElse(0);
    byte[] narrowed = new byte[Math.multiplyExact(kept, columns)];
    int next = 0;
    for (int y = 0; y < down.first.length; y++) {
      int end = down.first[y] + down.weights[y].length;
      for (next = Math.max(next, down.first[y]); next < end; next++) {
        int from = (channel * shape.height() + next) * shape.width();
        scaleRow(image.values(), from, across, narrowed, next % kept * columns);
      }
      int[] sums = new int[columns];
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < down.weights[y].length; tap++) {
        int row = (down.first[y] + tap) % kept * columns;
        addRow(narrowed, row, down.weights[y][tap], sums);
      }
      roundInto(sums, to, (channel * down.first.length + y) * columns);
    }
  }

  private static void alongColumns(
      Pixels image, int channel, PillowTaps down, PillowTaps across, byte[] to) {
    Shape shape = image.shape();
    int[] sums = new int[shape.width()];
    byte[] lowered = new byte[shape.width()];
    for (int y = 0; y < down.first.length; y++) {
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < down.weights[y].length; tap++) {
        int row = (channel * shape.height() + down.first[y] + tap) * shape.width();
        addRow(image.values(), row, down.weights[y][tap], sums);
      }
      roundInto(sums, lowered, 0);
      int start = (channel * down.first.length + y) * across.first.length;
      scaleRow(lowered, 0, across, to, start);
    }
  }

  private static void scaleRow(byte[] from, int row, PillowTaps taps, byte[] to, int start) {
    for (int x = 0; x < taps.first.length; x++) {
      int[] weights = taps.weights[x];
      int at = row + taps.first[x];
      int sum = HALF;
      for (int tap = 0; tap < weights.length; tap++) {
        sum += weights[tap] * (from[at + tap] & 0xff);
      }
      to[start + x] = rounded(sum);
    }
  }

  private static void addRow(byte[] from, int row, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * (from[row + x] & 0xff);
    }
  }

  private static void roundInto(int[] sums, byte[] to, int start) {
    for (int x = 0; x < sums.length; x++) {
      to[start + x] = rounded(sums[x]);
    }
  }

  private static byte rounded(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PillowTaps.FRACTION_BITS));
  }

  /** Zeros around what is smaller; of an odd number one more is behind. */
  private static Pixels padded(Pixels image, int height, int width) {
    Shape shape = image.shape();
    if (shape.height() == height && shape.width() == width) {
      return image;
    }
    byte[] values = new byte[shape.channels() * height * width];
    int top = (height - shape.height()) / 2;
    int left = (width - shape.width()) / 2;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        System.arraycopy(
            image.values(),
            (c * shape.height() + y) * shape.width(),
            values,
            (c * height + top + y) * width + left,
            shape.width());
      }
    }
    return new Pixels(new Shape(shape.channels(), height, width), values);
  }
}
