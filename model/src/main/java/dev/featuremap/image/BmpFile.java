package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.io.IOException;

/**
 * Decodes BMP files of Windows and OS/2: palettes of 1 to 8 bits, plain or as runs, and pixels of
 * 16, 24 and 32 bits, with bit fields of any widths. Alpha is dropped; a colour that the palette
 * lacks is black.
 */
final class BmpFile {
  private static final int FIVE_BITS = 0x1f;
  private static final int MOST_COLOURS = 256;

  private final byte[] bmp;
  private final BmpHead head;

  private BmpFile(byte[] bmp, BmpHead head) {
    this.bmp = bmp;
    this.head = head;
  }

  /**
   * Reads the head.
   *
   * @throws BadImageException if it is too large or of a form that is not decoded
   * @throws IOException if it is damaged, or the file ends before its pixels do
   */
  static BmpFile of(byte[] bmp, PixelLimits limits) throws BadImageException, IOException {
    BmpHead head = BmpHead.of(bmp);
    limits.require(head.width(), head.height());
    BmpFile file = new BmpFile(bmp, head);
    if (head.packing() == BmpHead.Packing.PLAIN) {
      file.requireData();
    }
    return file;
  }

  /**
   * The image, of 3 channels.
   *
   * @throws IOException if it is damaged
   */
  Pixels pixels() throws IOException {
    if (head.packing() != BmpHead.Packing.PLAIN) {
      return coloured(new BmpRuns(bmp, head).indices());
    }
    return head.bits() <= 8 ? coloured(indices()) : direct();
  }

  private long rowBytes() {
    return ((long) head.width() * head.bits() + 31) / 32 * 4;
  }

  /** The last row may come without what fills it up. */
  private void requireData() throws IOException {
    long last = ((long) head.width() * head.bits() + 7) / 8;
    if (head.dataAt() + rowBytes() * (head.height() - 1) + last > bmp.length) {
      throw new IOException("the file ends before its last row");
    }
  }

  /** Where a row of the image begins. */
  private int rowAt(int row) {
    int stored = head.topDown() ? row : head.height() - 1 - row;
    return (int) (head.dataAt() + rowBytes() * stored);
  }

  private byte[] indices() {
    int width = head.width();
    int bits = head.bits();
    int mask = (1 << bits) - 1;
    byte[] indices = new byte[width * head.height()];
    for (int row = 0; row < head.height(); row++) {
      int from = rowAt(row);
      for (int column = 0; column < width; column++) {
        int bit = column * bits;
        int shift = 8 - bits - bit % 8;
        indices[row * width + column] = (byte) ((bmp[from + bit / 8] >> shift) & mask);
      }
    }
    return indices;
  }

  private Pixels coloured(byte[] indices) {
    int[] colours = new int[MOST_COLOURS];
    int at = head.paletteAt();
    int entries = Math.min(head.entries(), MOST_COLOURS);
    for (int index = 0; index < entries && at + 3 <= bmp.length; index++) {
      colours[index] = unsigned(at + 2) << 16 | unsigned(at + 1) << 8 | unsigned(at);
      at += head.entryBytes();
    }
    return RasterPixels.coloured(indices, head.height(), head.width(), colours);
  }

  private Pixels direct() {
    int[] masks = masks();
    int width = head.width();
    int bytes = head.bits() / 8;
    int plane = width * head.height();
    byte[] values = new byte[3 * plane];
    for (int channel = 0; channel < 3; channel++) {
      int shift = masks[channel] == 0 ? 0 : Integer.numberOfTrailingZeros(masks[channel]);
      int bits = Math.max(1, Integer.bitCount(masks[channel]));
      for (int row = 0; row < head.height(); row++) {
        int at = rowAt(row);
        int to = channel * plane + row * width;
        for (int column = 0; column < width; column++, at += bytes) {
          int sample = (word(at, bytes) & masks[channel]) >>> shift;
          values[to + column] = (byte) RasterPixels.eightBits(sample, bits);
        }
      }
    }
    return new Pixels(new Shape(3, head.height(), width), values);
  }

  private int[] masks() {
    int[] masks = head.masks();
    if ((masks[0] | masks[1] | masks[2]) != 0) {
      return masks;
    }
    return head.bits() == 16
        ? new int[] {FIVE_BITS << 10, FIVE_BITS << 5, FIVE_BITS}
        : new int[] {0xff0000, 0xff00, 0xff};
  }

  private int word(int at, int bytes) {
    int word = 0;
    for (int k = 0; k < bytes; k++) {
      word |= unsigned(at + k) << (8 * k);
    }
    return word;
  }

  private int unsigned(int at) {
    return bmp[at] & 0xff;
  }
}
