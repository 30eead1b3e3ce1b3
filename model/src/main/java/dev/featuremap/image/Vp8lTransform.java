package dev.featuremap.image;

/**
 * What an encoder did to the colours of an image, to be undone.
 *
 * @param kind which of them
 * @param width of the image that it was done to
 * @param size binary logarithm of the side of a block, or of the colours in a value
 * @param values of each block, or the palette
 */
record Vp8lTransform(int kind, int width, int size, int[] values) {
  static final int PREDICTION = 0;
  static final int COLOUR = 1;
  static final int GREEN = 2;
  static final int PALETTE = 3;

  private static final int OPAQUE_BLACK = 0xff000000;

  /** Columns of the image that was made of it. */
  int codedWidth() {
    return kind == PALETTE ? (width + (1 << size) - 1) >> size : width;
  }

  /** The image that it was done to; may be the same array. */
  int[] undo(int[] colours, int height) {
    switch (kind) {
      case PREDICTION -> addPredictions(colours, height);
      case COLOUR -> addColours(colours);
      case GREEN -> addGreen(colours);
      default -> {
        return lookedUp(colours, height);
      }
    }
    return colours;
  }

  /** The sum of each channel, modulo 256. */
  static int sum(int a, int b) {
    int outer = (a & 0xff00ff00) + (b & 0xff00ff00);
    int inner = (a & 0x00ff00ff) + (b & 0x00ff00ff);
    return outer & 0xff00ff00 | inner & 0x00ff00ff;
  }

  private int block(int x, int y) {
    return values[(y >> size) * ((width + (1 << size) - 1) >> size) + (x >> size)];
  }

  private static void addGreen(int[] colours) {
    for (int at = 0; at < colours.length; at++) {
      int green = colours[at] >> 8 & 0xff;
      colours[at] = sum(colours[at], green << 16 | green);
    }
  }

  private void addColours(int[] colours) {
    for (int at = 0; at < colours.length; at++) {
      int factors = block(at % width, at / width);
      byte green = (byte) (colours[at] >> 8);
      int red = (colours[at] >> 16) + share((byte) factors, green);
      int blue =
          colours[at]
              + share((byte) (factors >> 8), green)
              + share((byte) (factors >> 16), (byte) red);
      colours[at] = colours[at] & 0xff00ff00 | (red & 0xff) << 16 | blue & 0xff;
    }
  }

  private static int share(byte factor, byte colour) {
    return factor * colour >> 5;
  }

  private int[] lookedUp(int[] colours, int height) {
    int coded = codedWidth();
    int inOne = 1 << size;
    int depth = 8 >> size;
    int[] found = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int packed = colours[y * coded + (x >> size)] >> 8 & 0xff;
        int index = packed >> (x & (inOne - 1)) * depth & ((1 << depth) - 1);
        found[y * width + x] = values[index];
      }
    }
    return found;
  }

  private void addPredictions(int[] colours, int height) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int predicted;
        if (y == 0) {
          predicted = x == 0 ? OPAQUE_BLACK : colours[at - 1];
        } else if (x == 0) {
          predicted = colours[at - width];
        } else {
          predicted = predicted(block(x, y) >> 8 & 15, colours, at);
        }
        colours[at] = sum(colours[at], predicted);
      }
    }
  }

  /** Right of the last column stands the first pixel of the same row. */
  private int predicted(int mode, int[] colours, int at) {
    int left = colours[at - 1];
    int top = colours[at - width];
    int topRight = colours[at - width + 1];
    int topLeft = colours[at - width - 1];
    return switch (mode) {
      case 1 -> left;
      case 2 -> top;
      case 3 -> topRight;
      case 4 -> topLeft;
      case 5 -> mean(mean(left, topRight), top);
      case 6 -> mean(left, topLeft);
      case 7 -> mean(left, top);
      case 8 -> mean(topLeft, top);
      case 9 -> mean(top, topRight);
      case 10 -> mean(mean(left, topLeft), mean(top, topRight));
      case 11 -> nearer(left, top, topLeft);
      case 12 -> gradient(left, top, topLeft);
      case 13 -> halfGradient(mean(left, top), topLeft);
      default -> OPAQUE_BLACK;
    };
  }

  private static int mean(int a, int b) {
    return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
  }

  /** The one of two that is nearer to their sum minus the corner. */
  private static int nearer(int left, int top, int corner) {
    int toLeft = 0;
    int toTop = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      toLeft += Math.abs((top >> shift & 0xff) - (corner >> shift & 0xff));
      toTop += Math.abs((left >> shift & 0xff) - (corner >> shift & 0xff));
    }
    return toLeft < toTop ? left : top;
  }

  private static int gradient(int left, int top, int corner) {
    int colour = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = (left >> shift & 0xff) + (top >> shift & 0xff) - (corner >> shift & 0xff);
      colour |= clipped(value) << shift;
    }
    return colour;
  }

  private static int halfGradient(int mean, int corner) {
    int colour = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = mean >> shift & 0xff;
      colour |= clipped(value + (value - (corner >> shift & 0xff)) / 2) << shift;
    }
    return colour;
  }

  private static int clipped(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
