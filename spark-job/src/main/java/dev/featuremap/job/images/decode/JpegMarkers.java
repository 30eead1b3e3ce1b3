package dev.featuremap.job.images.decode;

/**
 * What the markers of a JPEG file tell before it is decoded. The decoder fills what is missing with
 * grey and says nothing that a program could rely on.
 *
 * @param scans how many passes over the image there are; a progressive one has about ten
 * @param complete true if an end of image follows the first scan; what trails it, cameras may have
 *     put there
 */
record JpegMarkers(int scans, boolean complete) {
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int FIRST_RESTART = 0xd0;
  private static final int LAST_RESTART = 0xd7;

  /** Reads the markers of a file that begins as JPEG does. */
  static JpegMarkers of(byte[] jpeg) {
    int scans = 0;
    int at = 2;
    while (at + 1 < jpeg.length) {
      int marker = jpeg[at] == (byte) 0xff ? jpeg[at + 1] & 0xff : 0;
      if (marker == END_OF_IMAGE) {
        return new JpegMarkers(scans, scans > 0);
      }
      if (marker == 0xff || isOfScan(marker)) {
        at++; // image data, or any number of 0xff before a marker
      } else if (at + 3 < jpeg.length) {
        scans += marker == START_OF_SCAN ? 1 : 0;
        at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
      } else {
        break;
      }
    }
    return new JpegMarkers(scans, false);
  }

  /** No marker at all, a stuffed zero, or a restart inside a scan. */
  private static boolean isOfScan(int marker) {
    return marker == 0 || (marker >= FIRST_RESTART && marker <= LAST_RESTART);
  }
}
