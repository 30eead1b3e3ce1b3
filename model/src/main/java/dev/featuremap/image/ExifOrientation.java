package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where cameras note in a file how they were held: {@link Orientation}'s number in its EXIF data.
 */
final class ExifOrientation {
  private static final byte[] EXIF = "Exif\0\0".getBytes(ISO_8859_1);
  private static final int UPRIGHT = 1;

  private ExifOrientation() {}

  /** The number of a file; that of an upright picture where it says nothing, or nothing sound. */
  static int of(ImageFormat format, byte[] encoded) {
    Optional<byte[]> exif =
        switch (format) {
          case JPEG -> ofJpeg(encoded);
          case PNG -> ofChunks(encoded, 8, "eXIf", ByteOrder.BIG_ENDIAN);
          case WEBP -> ofChunks(encoded, 12, "EXIF", ByteOrder.LITTLE_ENDIAN);
          default -> Optional.empty(); // TIFF is always put upright
        };
    return exif.map(ExifOrientation::number).orElse(UPRIGHT);
  }

  private static int number(byte[] exif) {
    try {
      return (int) TiffHead.of(exif).value(TiffHead.ORIENTATION, 0, UPRIGHT);
    } catch (BadImageException e) {
      // Its pixels are sound, whatever stands beside them.
      return UPRIGHT;
    }
  }

  /** The first segment APP1 that begins so, before the first scan. */
  private static Optional<byte[]> ofJpeg(byte[] jpeg) {
    int at = 2;
    while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int end = at + 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
      if (marker == 0xda || end > jpeg.length || end < at + 4) {
        return Optional.empty();
      }
      if (marker == 0xe1 && begins(jpeg, at + 4, end)) {
        return Optional.of(Arrays.copyOfRange(jpeg, at + 4 + EXIF.length, end));
      }
      at = end;
    }
    return Optional.empty();
  }

  private static boolean begins(byte[] file, int from, int end) {
    return end - from >= EXIF.length
        && Arrays.equals(file, from, from + EXIF.length, EXIF, 0, EXIF.length);
  }

  /** The first chunk of that name; PNG has lengths before names and a check sum behind. */
  private static Optional<byte[]> ofChunks(byte[] file, int first, String name, ByteOrder order) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(order);
    boolean png = order == ByteOrder.BIG_ENDIAN;
    long at = first;
    while (at + 8 <= file.length) {
      int start = (int) at;
      long length = bytes.getInt(start + (png ? 0 : 4)) & 0xffffffffL;
      String own = new String(file, start + (png ? 4 : 0), 4, ISO_8859_1);
      long end = at + 8 + length;
      if (end > file.length) {
        return Optional.empty();
      }
      if (own.equals(name)) {
        boolean named = begins(file, start + 8, (int) end);
        int from = start + 8 + (named ? EXIF.length : 0);
        return Optional.of(Arrays.copyOfRange(file, from, (int) end));
      }
      at = end + (png ? 4 : length & 1);
    }
    return Optional.empty();
  }
}
