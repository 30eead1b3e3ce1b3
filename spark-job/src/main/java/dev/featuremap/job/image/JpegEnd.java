package dev.featuremap.job.image;

/**
 * Whether a JPEG file is whole. The decoder fills what is missing with grey and says nothing that a
 * program could rely on.
 */
final class JpegEnd {
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;

  private JpegEnd() {}

  /**
   * True when an end of image follows the first scan; what trails it, cameras may have put there.
   */
  static boolean isReached(byte[] jpeg) {
    int scan = firstScan(jpeg);
    for (int at = jpeg.length - 2; at >= scan; at--) {
      if ((jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) == END_OF_IMAGE) {
        return true;
      }
    }
    return false;
  }

  /** Where the first scan starts, behind thumbnails with ends of their own; the end if nowhere. */
  private static int firstScan(byte[] jpeg) {
    int at = 2;
    while (at + 3 < jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == START_OF_SCAN) {
        return at;
      }
      // Any number of 0xff may stand before a marker.
      at += marker == 0xff ? 1 : 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    }
    return jpeg.length;
  }
}
