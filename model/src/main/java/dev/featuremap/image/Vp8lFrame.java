package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Decodes lossless WebP, as its specification of the bit stream says. Colours are 0xAARRGGBB. */
final class Vp8lFrame {
  private static final int SIGNATURE = 0x2f;
  private static final int COLOURS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int HASH = 0x1e35a7bd;

  /** How codes of short distances look: {@code rows << 4 | (8 - columns)}, the nearest first. */
  private static final String NEAR =
      "1807171928062729161a262a3805373915"
          + "1b363a252b4804474914"
          + "1c353b464a242c58454b343c035759131d565a232d444c555b333d680267"
          + "69121e666a222e545c434d656b323e78017779535d111f646c424e767a21"
          + "2f757b313f636d525e00747c414f1020626e30737d515f40727e616f5071"
          + "7f6070";

  private final Vp8lBits bits;
  private final int width;
  private final int height;

  private Vp8lFrame(byte[] bytes, int start, int end) throws IOException {
    bits = new Vp8lBits(bytes, start, end);
    if (bits.number(8) != SIGNATURE) {
      throw new IOException("the lossless image has no signature");
    }
    width = 1 + bits.number(14);
    height = 1 + bits.number(14);
    bits.flag(); // whether alpha means anything
    if (bits.number(3) != 0) {
      throw new IOException("the lossless image is of an unknown version");
    }
  }

  /** Makes sure that the image has a reasonable size. */
  static void checkHead(byte[] bytes, int start, int end, PixelLimits limits)
      throws BadImageException, IOException {
    Vp8lFrame frame = new Vp8lFrame(bytes, start, end);
    limits.requireAtMost(frame.width, frame.height);
  }

  /** The image, of 3 channels. */
  static Pixels pixels(byte[] bytes, int start, int end, PixelLimits limits)
      throws BadImageException, IOException {
    Vp8lFrame frame = new Vp8lFrame(bytes, start, end);
    limits.requireAtMost(frame.width, frame.height);
    int[] colours = frame.decode();
    int plane = frame.width * frame.height;
    byte[] values = new byte[3 * plane];
    for (int at = 0; at < plane; at++) {
      values[at] = (byte) (colours[at] >> 16);
      values[plane + at] = (byte) (colours[at] >> 8);
      values[2 * plane + at] = (byte) colours[at];
    }
    return new Pixels(new Shape(3, frame.height, frame.width), values);
  }

  private int[] decode() throws IOException {
    Deque<Vp8lTransform> transforms = new ArrayDeque<>();
    int coded = width;
    int seen = 0;
    while (bits.flag()) {
      int kind = bits.number(2);
      if ((seen & 1 << kind) != 0) {
        throw new IOException("a transform comes twice");
      }
      seen |= 1 << kind;
      Vp8lTransform transform = readTransform(kind, coded);
      coded = transform.codedWidth();
      transforms.push(transform);
    }
    int[] colours = image(coded, height, true);
    for (Vp8lTransform transform : transforms) {
      colours = transform.undo(colours, height);
    }
    return colours;
  }

  private Vp8lTransform readTransform(int kind, int coded) throws IOException {
    switch (kind) {
      case Vp8lTransform.PREDICTION, Vp8lTransform.COLOUR -> {
        int size = 2 + bits.number(3);
        int[] blocks = image(blocks(coded, size), blocks(height, size), false);
        return new Vp8lTransform(kind, coded, size, blocks);
      }
      case Vp8lTransform.PALETTE -> {
        int count = 1 + bits.number(8);
        int[] palette = image(count, 1, false);
        for (int k = 1; k < count; k++) {
          palette[k] = Vp8lTransform.sum(palette[k], palette[k - 1]);
        }
        int packed = count <= 2 ? 3 : count <= 4 ? 2 : count <= 16 ? 1 : 0;
        return new Vp8lTransform(kind, coded, packed, Arrays.copyOf(palette, COLOURS));
      }
      default -> {
        return new Vp8lTransform(kind, coded, 0, new int[0]);
      }
    }
  }

  private static int blocks(int side, int size) {
    return (side + (1 << size) - 1) >> size;
  }

  /** Five codes: of green with lengths and cached colours, red, blue, alpha and distances. */
  private record Codes(Vp8lCode green, Vp8lCode red, Vp8lCode blue, Vp8lCode alpha, Vp8lCode far) {}

  /**
   * Reads an image.
   *
   * @param main true if it is the one that all others are about, whose codes may differ by place
   */
  private int[] image(int columns, int rows, boolean main) throws IOException {
    int cacheBits = bits.flag() ? bits.number(4) : 0;
    if (cacheBits > 11) {
      throw new IOException("a cache of too many colours");
    }
    int size = 0;
    int[] groups = {};
    int count = 1;
    if (main && bits.flag()) {
      size = 2 + bits.number(3);
      groups = image(blocks(columns, size), blocks(rows, size), false);
      for (int k = 0; k < groups.length; k++) {
        groups[k] = groups[k] >> 8 & 0xffff;
        count = Math.max(count, groups[k] + 1);
      }
    }
    Codes[] codes = codes(groups, count, cacheBits);
    int[] colours = new int[columns * rows];
    int[] cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
    int cached = 0;
    int at = 0;
    while (at < colours.length) {
      int group =
          groups.length == 0
              ? 0
              : groups[(at / columns >> size) * blocks(columns, size) + (at % columns >> size)];
      Codes here = codes[group];
      int symbol = here.green.read(bits);
      if (symbol < COLOURS) {
        int red = here.red.read(bits);
        int blue = here.blue.read(bits);
        int alpha = here.alpha.read(bits);
        colours[at++] = alpha << 24 | red << 16 | symbol << 8 | blue;
      } else if (symbol < COLOURS + LENGTHS) {
        int length = number(symbol - COLOURS);
        int distance = distance(number(here.far.read(bits)), columns);
        if (distance > at || length > colours.length - at) {
          throw new IOException("a copy from outside of the image");
        }
        for (int k = 0; k < length; k++, at++) {
          colours[at] = colours[at - distance];
        }
      } else {
        for (; cached < at; cached++) {
          cache[HASH * colours[cached] >>> (32 - cacheBits)] = colours[cached];
        }
        colours[at++] = cache[symbol - COLOURS - LENGTHS];
      }
    }
    return colours;
  }

  /** Codes that no place uses are read, but not kept. */
  private Codes[] codes(int[] groups, int count, int cacheBits) throws IOException {
    boolean[] used = new boolean[count];
    used[0] = groups.length == 0;
    for (int group : groups) {
      used[group] = true;
    }
    int cached = cacheBits == 0 ? 0 : 1 << cacheBits;
    Codes[] codes = new Codes[count];
    for (int k = 0; k < count; k++) {
      Codes read =
          new Codes(
              Vp8lCode.read(bits, COLOURS + LENGTHS + cached),
              Vp8lCode.read(bits, COLOURS),
              Vp8lCode.read(bits, COLOURS),
              Vp8lCode.read(bits, COLOURS),
              Vp8lCode.read(bits, DISTANCES));
      codes[k] = used[k] ? read : null;
    }
    return codes;
  }

  /** A length or a distance by its prefix. */
  private int number(int prefix) throws IOException {
    if (prefix < 4) {
      return prefix + 1;
    }
    int extra = (prefix - 2) >> 1;
    return ((2 + (prefix & 1)) << extra) + bits.number(extra) + 1;
  }

  private static int distance(int code, int columns) {
    int near = NEAR.length() / 2;
    if (code > near) {
      return code - near;
    }
    int place = Integer.parseInt(NEAR, 2 * code - 2, 2 * code, 16);
    return Math.max(1, (place >> 4) * columns + 8 - (place & 15));
  }
}
