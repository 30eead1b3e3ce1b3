package dev.featuremap.image;

import java.util.Locale;

/**
 * How large an image may say that it is.
 *
 * @param maxPixels the most that width times height may be
 * @param limit what messages say of who sets that
 * @param bytes of its file
 */
record PixelLimits(long maxPixels, String limit, int bytes) {
  /** PNG's deflate makes at most 1032 bytes of one, which are 8 pixels each of a bilevel image. */
  private static final long MOST_PIXELS_OF_A_BYTE = 8 * 1032;

  /**
   * Called before anything is allocated for pixels.
   *
   * @throws BadImageException if there are too many of them
   */
  void require(int width, int height) throws BadImageException {
    requireAtMost(width, height);
    long pixels = (long) width * height;
    if (pixels > MOST_PIXELS_OF_A_BYTE * bytes) {
      throw new BadImageException(
          String.format(
              Locale.ROOT,
              "its head declares %dx%d pixels, which its %,d bytes cannot hold",
              width,
              height,
              bytes));
    }
  }

  /**
   * The same for formats in which a few bytes may be any number of pixels of one colour.
   *
   * @throws BadImageException if there are too many of them
   */
  void requireAtMost(int width, int height) throws BadImageException {
    long pixels = (long) width * height;
    if (pixels > maxPixels) {
      throw new BadImageException(
          String.format(
              Locale.ROOT,
              "its head declares %dx%d = %,d pixels, %s allows %,d",
              width,
              height,
              pixels,
              limit,
              maxPixels));
    }
  }
}
