package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * What the markers of a JPEG file tell before it is decoded. The decoder fills what is missing with
 * grey and says nothing that a program could rely on.
 */
final class JpegMarkers {
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int FIRST_RESTART = 0xd0;
  private static final int LAST_RESTART = 0xd7;
  private static final int FIRST_FRAME = 0xc0;
  private static final int LAST_FRAME = 0xcf;
  private static final String NO_FRAMES = "\u00c4\u00c8\u00cc";
  private static final int JFIF = 0xe0;
  private static final int ADOBE = 0xee;
  private static final int JFIF_BYTES = 14;
  private static final int ADOBE_BYTES = 12;
  private static final int ADOBE_TRANSFORM_AT = 11;

  private final byte[] jpeg;
  private int scans;
  private boolean complete;
  private boolean jfif;
  private int adobeTransform = -1;
  private String componentIds = "";

  private JpegMarkers(byte[] jpeg) {
    this.jpeg = jpeg;
  }

  /** Reads the markers of a file that begins as JPEG does. */
  static JpegMarkers of(byte[] jpeg) {
    JpegMarkers markers = new JpegMarkers(jpeg);
    markers.read();
    return markers;
  }

  /** How many passes over the image there are; a progressive one has about ten. */
  int scans() {
    return scans;
  }

  /** True if an end of image follows the first scan; what trails it, cameras may have put there. */
  boolean complete() {
    return complete;
  }

  /**
   * What the components are, by the rules that libjpeg has for files that do not say it.
   *
   * @throws BadImageException if there are 2 of them, or more than 4
   */
  JpegColours colours() throws BadImageException {
    return switch (componentIds.length()) {
      case 1 -> JpegColours.GREY;
      case 3 -> isRgb() ? JpegColours.RGB : JpegColours.YCBCR;
      case 4 -> adobeTransform <= 0 ? JpegColours.CMYK : JpegColours.YCCK;
      default ->
          throw new BadImageException(
              "its JPEG data have " + componentIds.length() + " components, expected 1, 3 or 4");
    };
  }

  private boolean isRgb() {
    if (jfif) {
      return false;
    }
    return adobeTransform >= 0 ? adobeTransform == 0 : componentIds.equals("RGB");
  }

  private void read() {
    int at = 2;
    while (at + 1 < jpeg.length) {
      int marker = jpeg[at] == (byte) 0xff ? jpeg[at + 1] & 0xff : 0;
      if (marker == END_OF_IMAGE) {
        complete = scans > 0;
        return;
      }
      if (marker == 0xff || isOfScan(marker)) {
        at++; // image data, or any number of 0xff before a marker
      } else if (at + 3 < jpeg.length) {
        scans += marker == START_OF_SCAN ? 1 : 0;
        int bytes = unsigned(at + 2) << 8 | unsigned(at + 3);
        segment(marker, at + 4, bytes - 2);
        at += 2 + bytes;
      } else {
        return;
      }
    }
  }

  private void segment(int marker, int at, int bytes) {
    if (scans > 0 || at + bytes > jpeg.length) {
      return;
    }
    if (marker == JFIF && bytes >= JFIF_BYTES && begins(at, "JFIF\0")) {
      jfif = true;
    } else if (marker == ADOBE && bytes >= ADOBE_BYTES && begins(at, "Adobe")) {
      adobeTransform = unsigned(at + ADOBE_TRANSFORM_AT);
    } else if (isFrame(marker) && bytes >= 6 && bytes >= 6 + 3 * unsigned(at + 5)) {
      byte[] ids = new byte[unsigned(at + 5)];
      for (int c = 0; c < ids.length; c++) {
        ids[c] = jpeg[at + 6 + 3 * c];
      }
      componentIds = new String(ids, ISO_8859_1);
    }
  }

  private boolean begins(int at, String text) {
    byte[] expected = text.getBytes(ISO_8859_1);
    return Arrays.equals(jpeg, at, at + expected.length, expected, 0, expected.length);
  }

  private int unsigned(int at) {
    return jpeg[at] & 0xff;
  }

  private static boolean isFrame(int marker) {
    return marker >= FIRST_FRAME && marker <= LAST_FRAME && NO_FRAMES.indexOf(marker) < 0;
  }

  /** No marker at all, a stuffed zero, or a restart inside a scan. */
  private static boolean isOfScan(int marker) {
    return marker == 0 || (marker >= FIRST_RESTART && marker <= LAST_RESTART);
  }
}
