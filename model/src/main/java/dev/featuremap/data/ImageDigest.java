package dev.featuremap.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** SHA-256 of images: of each its record id and label, little endian, then its pixels. */
final class ImageDigest {
  private final MessageDigest digest = Sha256.start();
  private final ByteBuffer numbers =
      ByteBuffer.allocate(Long.BYTES + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  void add(long record, int label, byte[] pixels, int offset, int length) {
    numbers.clear().putLong(record).putInt(label);
    digest.update(numbers.array());
    digest.update(pixels, offset, length);
  }

  /** The digest of all that was added; nothing has been added then. */
  byte[] finish() {
    return digest.digest();
  }
}
