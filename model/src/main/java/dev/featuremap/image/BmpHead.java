package dev.featuremap.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * What a BMP file says of itself. Heads of OS/2 and Windows differ in length only: what a shorter
 * one lacks is 0, but for the first of them, whose numbers have 16 bits.
 *
 * @param width columns
 * @param height rows
 * @param topDown true if the first row of the data is the upper one
 * @param bits of a pixel
 * @param packing how pixels are packed
 * @param masks of red, green and blue in a pixel of 16, 24 or 32 bits; all 0 if the file has none
 * @param paletteAt where the palette is
 * @param entryBytes of a colour of the palette
 * @param entries how many colours there are
 * @param dataAt where the pixels are
 */
record BmpHead(
    int width,
    int height,
    boolean topDown,
    int bits,
    Packing packing,
    int[] masks,
    int paletteAt,
    int entryBytes,
    int entries,
    long dataAt) {
  /** How the data of a file are packed. */
  enum Packing {
    PLAIN,
    RLE4,
    RLE8
  }

  private static final int DATA_AT = 10;
  private static final int SIZE_AT = 14;
  private static final int OLDEST = 12;
  private static final int SHORTEST = 16;
  private static final int OS_2 = 64;
  private static final int LONGEST = 124;
  private static final int MASKS_AT = SIZE_AT + 40;
  private static final int USUAL_HEAD = 40;
  private static final int MOST_COLOURS = 1 << 16;

  /**
   * Reads the head.
   *
   * @throws BadImageException if the file is of a form that is not decoded; the message names it
   * @throws IOException if it ends early, or contradicts itself
   */
  static BmpHead of(byte[] bmp) throws BadImageException, IOException {
    return new Fields(bmp).head();
  }

  /** The numbers of a head by their place; those behind its end are 0. */
  private static final class Fields {
    private final ByteBuffer file;
    private final int size;
    private final boolean oldest;

    Fields(byte[] bmp) throws BadImageException, IOException {
      file = ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN);
      if (bmp.length < SIZE_AT + OLDEST) {
        throw new IOException("the file ends in its head");
      }
      size = file.getInt(SIZE_AT);
      oldest = size == OLDEST;
      if (!oldest && (size < SHORTEST || size > LONGEST)) {
        throw new BadImageException(
            String.format(
                Locale.ROOT, "its BMP head is of %d bytes, expected 12, or 16 to 124", size));
      }
      if (bmp.length < SIZE_AT + size) {
        throw new IOException("the file ends in its head");
      }
    }

    BmpHead head() throws BadImageException, IOException {
      int width = oldest ? word(4) : number(4);
      int height = oldest ? word(6) : number(8);
      if (width <= 0 || height == 0 || height == Integer.MIN_VALUE) {
        throw new IOException(String.format(Locale.ROOT, "a size of %d x %d", width, height));
      }
      int bits = word(oldest ? 10 : 14);
      int compression = oldest ? 0 : number(16);
      Packing packing = packing(compression, bits);
      requireDepth(bits);
      int[] masks = compression == 0 || packing != Packing.PLAIN ? new int[3] : masks();
      int entries = entries(bits);
      int paletteAt = SIZE_AT + size + masksBehind(compression);
      int entryBytes = oldest ? 3 : 4;
      long paletteEnd = paletteAt + (long) entries * entryBytes;
      long dataAt = Integer.toUnsignedLong(file.getInt(DATA_AT));
      // Some writers say that the data begin where the palette does.
      boolean isPalette = dataAt == 0 || (bits <= 8 && dataAt == SIZE_AT + size);
      return new BmpHead(
          width,
          Math.abs(height),
          height < 0,
          bits,
          packing,
          masks,
          paletteAt,
          entryBytes,
          entries,
          isPalette ? paletteEnd : dataAt);
    }

    private Packing packing(int compression, int bits) throws BadImageException {
      String form =
          switch (compression) {
            case 0 -> "";
            case 1 -> bits == 8 ? "" : "RLE8";
            case 2 -> bits == 4 ? "" : "RLE4";
            case 3 -> size == OS_2 ? "Huffman" : bits > 8 ? "" : "bit field";
            case 4 -> size == OS_2 ? "RLE24" : another();
            case 5 -> another();
            case 6 -> bits > 8 ? "" : "bit field";
            case 11, 12, 13 -> "CMYK";
            default -> "unknown";
          };
      if (!form.isEmpty()) {
        throw new BadImageException(
            String.format(
                Locale.ROOT,
                "its BMP data are packed in a form that is not decoded: %s (compression %d) of %d bits; convert it to PNG",
                form,
                compression,
                bits));
      }
      return compression == 1 ? Packing.RLE8 : compression == 2 ? Packing.RLE4 : Packing.PLAIN;
    }

    /** As printers take it: its size is its own and no concern of the head's. */
    private static String another() throws BadImageException {
      throw new BadImageException("its BMP data hold a JPEG or PNG file; give that file instead");
    }

    private static void requireDepth(int bits) throws BadImageException {
      switch (bits) {
        case 1, 2, 4, 8, 16, 24, 32 -> {}
        default ->
            throw new BadImageException(
                String.format(
                    Locale.ROOT,
                    "its BMP pixels are of %d bits, expected 1, 2, 4, 8, 16, 24 or 32; convert it to PNG",
                    bits));
      }
    }

    private int[] masks() throws BadImageException, IOException {
      if (file.capacity() < MASKS_AT + 12) {
        throw new IOException("the file ends in its head");
      }
      int[] masks = new int[3];
      for (int channel = 0; channel < masks.length; channel++) {
        masks[channel] = file.getInt(MASKS_AT + 4 * channel);
        int ones = masks[channel] >>> Integer.numberOfTrailingZeros(masks[channel]);
        if (masks[channel] != 0 && (ones & (ones + 1)) != 0) {
          throw new BadImageException(
              String.format(
                  Locale.ROOT,
                  "a bit field of its BMP pixels has holes, got mask 0x%08X; convert it to PNG",
                  masks[channel]));
        }
      }
      return masks;
    }

    /** Longer heads hold the masks themselves. */
    private int masksBehind(int compression) {
      if (size != USUAL_HEAD) {
        return 0;
      }
      return compression == 3 ? 12 : compression == 6 ? 16 : 0;
    }

    private int entries(int bits) throws IOException {
      if (bits > 8) {
        return 0;
      }
      int used = oldest ? 0 : number(32);
      if (used < 0 || used > MOST_COLOURS) {
        throw new IOException(
            String.format(Locale.ROOT, "a palette of %s", Integer.toUnsignedString(used)));
      }
      return used == 0 ? 1 << bits : used;
    }

    /** A number of 32 bits at a place of the head. */
    private int number(int at) {
      return at + 4 <= size ? file.getInt(SIZE_AT + at) : 0;
    }

    private int word(int at) {
      return file.getShort(SIZE_AT + at) & 0xffff;
    }
  }
}
