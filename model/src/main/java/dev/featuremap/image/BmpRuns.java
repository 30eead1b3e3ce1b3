package dev.featuremap.image;

import java.io.IOException;

/**
 * Unpacks the runs of a BMP file. Pixels that are left out have index 0. What a row has too much of
 * is dropped.
 */
final class BmpRuns {
  private static final int END_OF_ROW = 0;
  private static final int END_OF_IMAGE = 1;
  private static final int JUMP = 2;

  private final byte[] bmp;
  private final BmpHead head;
  private final byte[] indices;
  private final boolean halves;
  private long at;
  private int column;
  private int row;

  BmpRuns(byte[] bmp, BmpHead head) {
    this.bmp = bmp;
    this.head = head;
    this.indices = new byte[head.width() * head.height()];
    this.halves = head.packing() == BmpHead.Packing.RLE4;
    this.at = head.dataAt();
  }

  /**
   * Indices into the palette, {@code [row, column]}.
   *
   * @throws IOException if the file ends before the image does
   */
  byte[] indices() throws IOException {
    while (row < head.height() && !isComplete()) {
      int count = next();
      int value = next();
      if (count > 0) {
        for (int k = 0; k < count; k++) {
          put(halves ? half(value, k) : value);
        }
      } else if (value == END_OF_ROW) {
        column = 0;
        row++;
      } else if (value == END_OF_IMAGE) {
        break;
      } else if (value == JUMP) {
        column = Math.min(head.width(), column + next());
        row += next();
      } else {
        copy(value);
      }
    }
    return indices;
  }

  /** The last row may come without an end. */
  private boolean isComplete() {
    return row == head.height() - 1 && column == head.width();
  }

  /** So many pixels as they are; their bytes are filled up to an even number. */
  private void copy(int count) throws IOException {
    int value = 0;
    for (int k = 0; k < count; k++) {
      value = halves && k % 2 == 1 ? value : next();
      put(halves ? half(value, k) : value);
    }
    int bytes = halves ? (count + 1) / 2 : count;
    at += bytes % 2;
  }

  private void put(int index) {
    if (column < head.width()) {
      int stored = head.topDown() ? row : head.height() - 1 - row;
      indices[stored * head.width() + column++] = (byte) index;
    }
  }

  private static int half(int value, int k) {
    return k % 2 == 0 ? value >> 4 : value & 0xf;
  }

  private int next() throws IOException {
    if (at >= bmp.length) {
      throw new IOException("the file ends before its last row");
    }
    return bmp[(int) at++] & 0xff;
  }
}
