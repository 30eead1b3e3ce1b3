package dev.featuremap.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.util.Map;
import java.util.Set;

/**
 * The first page of a TIFF file, decoded by the JDK's reader. Palettes keep the upper 8 of their 16
 * bits, CMYK becomes RGB as in JPEG, and the picture is put upright: so Pillow has it.
 */
final class TiffFile {
  private static final int WHITE_IS_ZERO = 0;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int CMYK = 5;
  private static final int YCBCR = 6;

  /** Channels by photometric interpretation. */
  private static final Map<Integer, Integer> CHANNELS =
      Map.of(WHITE_IS_ZERO, 1, BLACK_IS_ZERO, 1, RGB, 3, PALETTE, 1, CMYK, 4, YCBCR, 3);

  private static final int JPEG = 7;
  private static final Set<Integer> CCITT = Set.of(2, 3, 4);

  /** None, CCITT, LZW, JPEG, deflate, PackBits, deflate by its old number. */
  private static final Set<Integer> COMPRESSIONS = Set.of(1, 2, 3, 4, 5, 7, 8, 32773, 32946);

  private static final Map<Integer, String> NAMES =
      Map.of(
          6, "JPEG of TIFF 5",
          34712, "JPEG 2000",
          34925, "LZMA",
          50000, "Zstandard",
          50001, "WebP",
          50002, "JPEG XL");

  private static final int MOST_SAMPLES = 8;
  private static final int PREMULTIPLIED = 1;

  private final TiffHead head;
  private final int photometric;

  private TiffFile(TiffHead head, int photometric) {
    this.head = head;
    this.photometric = photometric;
  }

  /**
   * Reads the head.
   *
   * @throws BadImageException if the page is damaged, too large, or of a kind that is not read
   */
  static TiffFile of(byte[] encoded, PixelLimits limits) throws BadImageException {
    TiffHead head = TiffHead.of(encoded);
    int width = side(head, TiffHead.WIDTH);
    int length = side(head, TiffHead.LENGTH);
    int compression = (int) head.value(TiffHead.COMPRESSION, 0, 1);
    if (!COMPRESSIONS.contains(compression)) {
      throw unread(
          "is compressed by "
              + NAMES.getOrDefault(compression, "a way with the number " + compression));
    }
    if (CCITT.contains(compression)) {
      limits.requireAtMost(width, length);
    } else {
      limits.require(width, length);
    }
    if (head.has(TiffHead.TILE_WIDTH)) {
      limits.requireAtMost(side(head, TiffHead.TILE_WIDTH), side(head, TiffHead.TILE_LENGTH));
    }
    int photometric = (int) head.value(TiffHead.PHOTOMETRIC, 0, BLACK_IS_ZERO);
    if (!CHANNELS.containsKey(photometric)) {
      throw unread("has colours of kind %s (tag 262)".formatted(photometric));
    }
    if (compression == JPEG
        && (photometric == CMYK || (photometric == RGB && head.has(TiffHead.SUBSAMPLING)))) {
      // Writers disagree on what their components are.
      throw unread("has JPEG data of inks, or of colours that contradict it");
    }
    requireSamples(head, CHANNELS.get(photometric));
    if (head.value(TiffHead.PREDICTOR, 0, 1) != 1 && head.value(TiffHead.BITS, 0, 1) == 16) {
      throw unread("has samples of 16 bits as differences");
    }
    return new TiffFile(head, photometric);
  }

  private static int side(TiffHead head, int tag) throws BadImageException {
    long side = head.value(tag, 0, -1);
    if (side < 1 || side > Integer.MAX_VALUE) {
      throw TiffHead.damaged("tag %s must be at least 1, got %s".formatted(tag, side));
    }
    return (int) side;
  }

  private static void requireSamples(TiffHead head, int channels) throws BadImageException {
    long samples = head.value(TiffHead.SAMPLES, 0, 1);
    if (samples < channels || samples > MOST_SAMPLES) {
      throw unread("has %s samples a pixel".formatted(samples));
    }
    int given = head.count(TiffHead.BITS, MOST_SAMPLES);
    long bits = head.value(TiffHead.BITS, 0, 1);
    for (int sample = 0; sample < given; sample++) {
      if (head.value(TiffHead.BITS, sample, 1) != bits) {
        throw unread("has samples of different numbers of bits");
      }
    }
    if (!Set.of(1L, 2L, 4L, 8L, 16L).contains(bits)) {
      throw unread("has samples of %s bits".formatted(bits));
    }
    for (int sample = 0; sample < head.count(TiffHead.SAMPLE_FORMAT, MOST_SAMPLES); sample++) {
      if (head.value(TiffHead.SAMPLE_FORMAT, sample, 1) != 1) {
        throw unread("has samples that are fractions or have a sign");
      }
    }
  }

  private static BadImageException unread(String what) {
    return new BadImageException(
        "it is a TIFF image that %s, which is not read; convert it to PNG".formatted(what));
  }

  /** The page as a file of its own, for the JDK's reader. */
  byte[] plain() {
    return head.plain();
  }

  /** What the reader made of {@link #plain}, as the picture is looked at. */
  Pixels pixels(BufferedImage image) {
    return Orientation.upright(stored(image), (int) head.value(TiffHead.ORIENTATION, 0, 1));
  }

  private Pixels stored(BufferedImage image) {
    Raster raster = image.getRaster();
    if (photometric == PALETTE && head.has(TiffHead.COLOUR_MAP)) {
      return RasterPixels.coloured(
          RasterPixels.indices(raster), raster.getHeight(), raster.getWidth(), colours());
    }
    if (photometric == CMYK) {
      return JpegColours.ofInks(raster);
    }
    Pixels pixels = RasterPixels.of(image);
    boolean divides =
        photometric == RGB
            && raster.getNumBands() == 4
            && head.value(TiffHead.EXTRA_SAMPLES, 0, 0) == PREMULTIPLIED;
    return divides ? divided(pixels, raster) : pixels;
  }

  /** Red, green and blue of 16 bits each, one after the other. */
  private int[] colours() {
    int entries = head.count(TiffHead.COLOUR_MAP, 3 * 256) / 3;
    int[] colours = new int[256];
    for (int index = 0; index < entries; index++) {
      for (int c = 0; c < 3; c++) {
        int value = (int) head.value(TiffHead.COLOUR_MAP, c * entries + index, 0) >> 8;
        colours[index] = colours[index] << 8 | value;
      }
    }
    return colours;
  }

  /** Colours that were multiplied by their alpha, without it. */
  private static Pixels divided(Pixels pixels, Raster raster) {
    int width = raster.getWidth();
    int plane = width * raster.getHeight();
    int bits = raster.getSampleModel().getSampleSize(3);
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 3, row);
      for (int x = 0; x < width; x++) {
        int alpha = RasterPixels.eightBits(row[x], bits);
        for (int at = y * width + x; at < 3 * plane; at += plane) {
          int value = pixels.values()[at] & 0xff;
          pixels.values()[at] = (byte) (alpha == 0 ? 0 : Math.min(255, 255 * value / alpha));
        }
      }
    }
    return pixels;
  }
}
