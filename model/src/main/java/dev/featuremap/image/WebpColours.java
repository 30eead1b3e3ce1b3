package dev.featuremap.image;

import dev.featuremap.tensor.Shape;

/**
 * Red, green and blue of luma and halved chroma, in the whole numbers of libwebp: chroma between
 * its pixels is 9, 3, 3 and 1 sixteenths of the four around, BT.601 has 14 bits.
 */
final class WebpColours {
  private WebpColours() {}

  static Pixels pixels(Vp8Plane luma, Vp8Plane blue, Vp8Plane red, int width, int height) {
    byte[] values = new byte[3 * width * height];
    int[] u = new int[width];
    int[] v = new int[width];
    for (int y = 0; y < height; y++) {
      row(blue, y, width, height, u);
      row(red, y, width, height, v);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int light = luma.value(y * luma.width + x) * 19077 >> 8;
        values[at] = clipped(light + (v[x] * 26149 >> 8) - 14234);
        values[width * height + at] =
            clipped(light - (u[x] * 6419 >> 8) - (v[x] * 13320 >> 8) + 8708);
        values[2 * width * height + at] = clipped(light + (u[x] * 33050 >> 8) - 17685);
      }
    }
    return new Pixels(new Shape(3, height, width), values);
  }

  /** Chroma of a row at the size of luma. */
  private static void row(Vp8Plane plane, int y, int width, int height, int[] to) {
    int last = (height + 1) / 2 - 1;
    int near = y / 2;
    int far = Math.max(0, Math.min(last, y % 2 == 0 ? near - 1 : near + 1));
    int here = near * plane.width;
    int there = far * plane.width;
    to[0] = edge(plane.value(here), plane.value(there));
    int pairs = (width - 1) / 2;
    for (int x = 1; x <= pairs; x++) {
      int a = plane.value(here + x - 1);
      int b = plane.value(here + x);
      int c = plane.value(there + x - 1);
      int d = plane.value(there + x);
      int sum = a + b + c + d + 8;
      int rising = (sum + 2 * (b + c)) >> 3;
      int falling = (sum + 2 * (a + d)) >> 3;
      to[2 * x - 1] = (rising + a) >> 1;
      to[2 * x] = (falling + b) >> 1;
    }
    if (width % 2 == 0) {
      int end = width / 2 - 1;
      to[width - 1] = edge(plane.value(here + end), plane.value(there + end));
    }
  }

  private static int edge(int near, int far) {
    return (3 * near + far + 2) >> 2;
  }

  private static byte clipped(int fixed) {
    return (byte) Math.max(0, Math.min(255, fixed >> 6));
  }
}
