package dev.featuremap.job.images.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a BMP file says of itself. */
final class BmpHead {
  private static final int SIZE_AT = 14;
  private static final int SHORTEST_WITH_COMPRESSION = 40;
  private static final int COMPRESSION_AT = SIZE_AT + 16;
  private static final int JPEG = 4;
  private static final int PNG = 5;

  private BmpHead() {}

  /**
   * True when a JPEG or PNG file stands in place of the pixels, as printers take it: its size is
   * its own and no concern of the head's.
   */
  static boolean holdsAnotherFile(byte[] encoded) {
    if (encoded.length < COMPRESSION_AT + Integer.BYTES) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    int compression = head.getInt(COMPRESSION_AT);
    return head.getInt(SIZE_AT) >= SHORTEST_WITH_COMPRESSION
        && (compression == JPEG || compression == PNG);
  }
}
