package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.awt.image.Raster;

/**
 * What the components of a JPEG file mean, and how grey or RGB is made of them. Profiles have no
 * part in it: the numbers of the file are the numbers of the image.
 *
 * <p>YCbCr becomes RGB in the whole numbers of libjpeg, to the bit. CMYK is taken as Adobe's
 * programs write it, 255 for no ink, and becomes RGB without a profile: each of red, green and blue
 * is the light that its ink lets through, times the light that black lets through.
 */
enum JpegColours {
  GREY(1),
  RGB(3),
  YCBCR(3),
  CMYK(4),
  YCCK(4);

  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);
  private static final int[] RED_OF_CR = rounded(1.402);
  private static final int[] BLUE_OF_CB = rounded(1.772);
  private static final int[] GREEN_OF_CB = scaled(-0.34414, HALF);
  private static final int[] GREEN_OF_CR = scaled(-0.71414, 0);

  private final int components;

  JpegColours(int components) {
    this.components = components;
  }

  /**
   * The image.
   *
   * @param raster the components as they are in the file, none left out
   * @throws BadImageException if there are more or fewer than the head said
   */
  Pixels pixels(Raster raster) throws BadImageException {
    if (raster.getNumBands() != components) {
      throw new BadImageException("its JPEG data are damaged (components disagree with the head)");
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    int channels = this == GREY ? 1 : 3;
    int plane = width * height;
    int bits = raster.getSampleModel().getSampleSize(0);
    byte[] values = new byte[channels * plane];
    int[] row = new int[width * components];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; bits != 8 && i < row.length; i++) {
        row[i] = RasterPixels.eightBits(row[i], bits);
      }
      convertInPlace(row);
      for (int c = 0; c < channels; c++) {
        int to = c * plane + y * width;
        for (int x = 0; x < width; x++) {
          values[to + x] = (byte) row[x * components + c];
        }
      }
    }
    return new Pixels(new Shape(channels, height, width), values);
  }

  /** RGB of a raster of inks, where 0 is no ink. */
  static Pixels ofInks(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int plane = width * height;
    int bands = raster.getNumBands();
    int bits = raster.getSampleModel().getSampleSize(0);
    byte[] values = new byte[3 * plane];
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int light = 255 - RasterPixels.eightBits(row[x * bands + 3], bits);
        for (int c = 0; c < 3; c++) {
          int ink = RasterPixels.eightBits(row[x * bands + c], bits);
          values[c * plane + y * width + x] = (byte) (light - product(ink, light));
        }
      }
    }
    return new Pixels(new Shape(3, height, width), values);
  }

  /** The first components of each pixel become its channels. */
  private void convertInPlace(int[] row) {
    if (this == YCBCR || this == YCCK) {
      for (int at = 0; at < row.length; at += components) {
        redGreenBlue(row, at);
      }
    }
    if (components == 4) {
      // The sums of YCCK are 255 minus an ink; Adobe's CMYK is so too.
      for (int at = 0; at < row.length; at += components) {
        if (this == YCCK) {
          invert(row, at);
        }
        int light = row[at + 3];
        for (int c = 0; c < 3; c++) {
          row[at + c] = light - product(255 - row[at + c], light);
        }
      }
    }
  }

  private static void invert(int[] row, int at) {
    for (int c = 0; c < 3; c++) {
      row[at + c] = 255 - row[at + c];
    }
  }

  private static void redGreenBlue(int[] row, int at) {
    int luma = row[at];
    int cb = row[at + 1];
    int cr = row[at + 2];
    row[at] = clamped(luma + RED_OF_CR[cr]);
    row[at + 1] = clamped(luma + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> FRACTION_BITS));
    row[at + 2] = clamped(luma + BLUE_OF_CB[cb]);
  }

  /** The product of two fractions of 255, rounded. */
  private static int product(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static int clamped(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static int[] rounded(double factor) {
    int[] table = scaled(factor, HALF);
    for (int i = 0; i < table.length; i++) {
      table[i] >>= FRACTION_BITS;
    }
    return table;
  }

  /** {@code factor · (i - 128)} for each byte, with a fraction, plus {@code added}. */
  private static int[] scaled(double factor, int added) {
    int fixed = (int) (Math.abs(factor) * (1 << FRACTION_BITS) + 0.5);
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (factor < 0 ? -fixed : fixed) * (i - 128) + added;
    }
    return table;
  }
}
