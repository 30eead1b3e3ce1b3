package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.Locale;

/**
 * Decodes PBM, PGM and PPM, plain and raw. Samples are stretched to 0…255; grey of more than 8 bits
 * is stretched to 16, of which the upper 8 stay.
 */
final class PnmFile {
  private static final int MOST_SAMPLE = 65_535;
  private static final int LONGEST_NUMBER = 10;

  private final byte[] pnm;
  private final char kind;
  private int at = 2;
  private int width;
  private int height;
  private int most = 1;

  private PnmFile(byte[] pnm) {
    this.pnm = pnm;
    this.kind = (char) pnm[1];
  }

  /**
   * Reads the head.
   *
   * @throws BadImageException if it is too large
   * @throws IOException if it is damaged, or the file ends before its pixels do
   */
  static PnmFile of(byte[] pnm, PixelLimits limits) throws BadImageException, IOException {
    PnmFile file = new PnmFile(pnm);
    file.width = file.number();
    file.height = file.number();
    if (!file.isBilevel()) {
      file.most = file.number();
    }
    if (file.width == 0 || file.height == 0 || file.most == 0 || file.most > MOST_SAMPLE) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a size of %dx%d with samples up to %d",
              file.width,
              file.height,
              file.most));
    }
    limits.require(file.width, file.height);
    file.at++; // one space behind the head
    file.requireData();
    return file;
  }

  /**
   * The image, of 1 channel unless it is of colours.
   *
   * @throws IOException if it is damaged
   */
  Pixels pixels() throws IOException {
    int channels = channels();
    int plane = width * height;
    byte[] values = new byte[channels * plane];
    for (int pixel = 0; pixel < plane; pixel++) {
      if (kind == '4' && pixel % width == 0) {
        at += pixel == 0 ? 0 : (width + 7) / 8;
      }
      for (int c = 0; c < channels; c++) {
        values[c * plane + pixel] = (byte) stretched(sample(pixel % width), channels);
      }
    }
    return new Pixels(new Shape(channels, height, width), values);
  }

  private boolean isBilevel() {
    return kind == '1' || kind == '4';
  }

  private boolean isPlain() {
    return kind <= '3';
  }

  private int channels() {
    return kind == '3' || kind == '6' ? 3 : 1;
  }

  /** Plain samples have a digit at least, and a space between them unless they are of one bit. */
  private void requireData() throws IOException {
    long samples = (long) channels() * width * height;
    long bytes =
        switch (kind) {
          case '1' -> samples;
          case '2', '3' -> 2 * samples - 1;
          case '4' -> (width + 7) / 8 * (long) height;
          default -> samples * (most > 255 ? 2 : 1);
        };
    if (pnm.length - at < bytes) {
      throw new IOException("the file ends before its last row");
    }
  }

  private int sample(int column) throws IOException {
    int sample =
        switch (kind) {
          case '1' -> 1 - digit();
          case '4' -> 1 - (pnm[at + column / 8] >> (7 - column % 8) & 1);
          case '2', '3' -> number();
          default -> most > 255 ? (pnm[at++] & 0xff) << 8 | pnm[at++] & 0xff : pnm[at++] & 0xff;
        };
    if (isPlain() && sample > most) {
      throw new IOException(
          String.format(Locale.ROOT, "a sample of %d, more than %d", sample, most));
    }
    return sample;
  }

  private int stretched(int sample, int channels) {
    if (most == 255) {
      return sample;
    }
    if (channels == 1 && most > 255) {
      int wide =
          most == MOST_SAMPLE ? sample : (int) Math.rint(sample / (double) most * MOST_SAMPLE);
      return Math.min(MOST_SAMPLE, wide) >> 8;
    }
    return (int) Math.min(255, Math.rint(sample / (double) most * 255));
  }

  /** 0 or 1, which need no space between them. */
  private int digit() throws IOException {
    skipSpace();
    byte digit = next();
    if (digit != '0' && digit != '1') {
      throw new IOException("a sample that is neither 0 nor 1");
    }
    return digit - '0';
  }

  private int number() throws IOException {
    skipSpace();
    int number = 0;
    int start = at;
    while (at < pnm.length && pnm[at] >= '0' && pnm[at] <= '9') {
      number = 10 * number + pnm[at++] - '0';
      if (at - start == LONGEST_NUMBER) {
        throw new IOException("a number of too many digits");
      }
    }
    boolean ends = at == pnm.length || isSpace(pnm[at]) || pnm[at] == '#';
    if (at == start || !ends) {
      throw new IOException(at < pnm.length ? "a number with other characters" : "it ends early");
    }
    return number;
  }

  /** Comments reach from # to the end of the line. */
  private void skipSpace() {
    while (at < pnm.length && (isSpace(pnm[at]) || pnm[at] == '#')) {
      if (pnm[at] == '#') {
        while (at < pnm.length && pnm[at] != '\n' && pnm[at] != '\r') {
          at++;
        }
      } else {
        at++;
      }
    }
  }

  private byte next() throws IOException {
    if (at >= pnm.length) {
      throw new IOException("it ends early");
    }
    return pnm[at++];
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }
}
