package dev.featuremap.image;

/** Coefficients of blocks of 4 by 4 pixels, and what they add to the prediction. */
final class Vp8Residual {
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[][] LONG = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };
  private static final int NODES = 11;
  private static final int OF_BAND = 3 * NODES;
  private static final int OF_KIND = 8 * OF_BAND;

  private Vp8Residual() {}

  /**
   * Reads the coefficients of a block.
   *
   * @param kind 0 luma without its first, 1 sums of luma, 2 chroma, 3 luma
   * @param context how many of the blocks above and to the left have coefficients
   * @param first the place of the first one that is read
   * @param to gets them from {@code start} on, each multiplied by its step
   * @return the place behind the last one
   */
  static int read(
      Vp8Bits bits,
      int[] tokens,
      int kind,
      int context,
      int[] steps,
      int first,
      int[] to,
      int start) {
    int n = first;
    int p = place(kind, n, context);
    while (n < 16) {
      if (bits.bit(tokens[p]) == 0) {
        return n;
      }
      while (bits.bit(tokens[p + 1]) == 0) {
        n++;
        if (n == 16) {
          return 16;
        }
        p = place(kind, n, 0);
      }
      int value = 1;
      int next = 1;
      if (bits.bit(tokens[p + 2]) == 1) {
        value = large(bits, tokens, p);
        next = 2;
      }
      int signed = bits.flag() ? -value : value;
      to[start + ZIGZAG[n]] = signed * steps[n > 0 ? 1 : 0];
      n++;
      p = place(kind, n, next);
    }
    return 16;
  }

  private static int place(int kind, int n, int context) {
    return kind * OF_KIND + BANDS[n] * OF_BAND + context * NODES;
  }

  private static int large(Vp8Bits bits, int[] tokens, int p) {
    if (bits.bit(tokens[p + 3]) == 0) {
      return bits.bit(tokens[p + 4]) == 0 ? 2 : 3 + bits.bit(tokens[p + 5]);
    }
    if (bits.bit(tokens[p + 6]) == 0) {
      if (bits.bit(tokens[p + 7]) == 0) {
        return 5 + bits.bit(159);
      }
      int upper = bits.bit(165);
      return 7 + 2 * upper + bits.bit(145);
    }
    int high = bits.bit(tokens[p + 8]);
    int category = 2 * high + bits.bit(tokens[p + 9 + high]);
    int value = 0;
    for (int probability : LONG[category]) {
      value = value << 1 | bits.bit(probability);
    }
    return value + 3 + (8 << category);
  }

  /** The inverse Walsh-Hadamard transform: the first coefficients of 16 blocks from their sums. */
  static void spread(int[] sums, int[] to) {
    int[] half = new int[16];
    for (int i = 0; i < 4; i++) {
      int a = sums[i] + sums[12 + i];
      int b = sums[4 + i] + sums[8 + i];
      int c = sums[4 + i] - sums[8 + i];
      int d = sums[i] - sums[12 + i];
      half[i] = a + b;
      half[4 + i] = c + d;
      half[8 + i] = a - b;
      half[12 + i] = d - c;
    }
    for (int i = 0; i < 4; i++) {
      int a = half[4 * i] + half[4 * i + 3] + 3;
      int b = half[4 * i + 1] + half[4 * i + 2];
      int c = half[4 * i + 1] - half[4 * i + 2];
      int d = half[4 * i] - half[4 * i + 3] + 3;
      to[64 * i] = (a + b) >> 3;
      to[64 * i + 16] = (d + c) >> 3;
      to[64 * i + 32] = (a - b) >> 3;
      to[64 * i + 48] = (d - c) >> 3;
    }
  }

  /** Adds the inverse cosine transform of 16 coefficients to pixels. */
  static void add(int[] from, int start, Vp8Plane plane, int at) {
    int[] half = new int[16];
    for (int i = 0; i < 4; i++) {
      int first = from[start + i];
      int second = from[start + 4 + i];
      int third = from[start + 8 + i];
      int fourth = from[start + 12 + i];
      int c = sine(second) - cosine(fourth);
      int d = cosine(second) + sine(fourth);
      half[4 * i] = first + third + d;
      half[4 * i + 1] = first - third + c;
      half[4 * i + 2] = first - third - c;
      half[4 * i + 3] = first + third - d;
    }
    for (int y = 0; y < 4; y++) {
      int dc = half[y] + 4;
      int c = sine(half[4 + y]) - cosine(half[12 + y]);
      int d = cosine(half[4 + y]) + sine(half[12 + y]);
      int to = at + y * plane.width;
      plane.set(to, plane.value(to) + ((dc + half[8 + y] + d) >> 3));
      plane.set(to + 1, plane.value(to + 1) + ((dc - half[8 + y] + c) >> 3));
      plane.set(to + 2, plane.value(to + 2) + ((dc - half[8 + y] - c) >> 3));
      plane.set(to + 3, plane.value(to + 3) + ((dc + half[8 + y] - d) >> 3));
    }
  }

  /** Times √2·cos(π/8), in 16 bits. */
  private static int cosine(int value) {
    return (value * 20091 >> 16) + value;
  }

  /** Times √2·sin(π/8). */
  private static int sine(int value) {
    return value * 35468 >> 16;
  }
}
