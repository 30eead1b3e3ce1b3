package dev.featuremap.image;

/** Luma or one chroma of a frame, in whole blocks. */
final class Vp8Plane {
  final byte[] values;
  final int width;
  final int height;

  Vp8Plane(int width, int height) {
    this.width = width;
    this.height = height;
    this.values = new byte[Math.multiplyExact(width, height)];
  }

  int value(int at) {
    return values[at] & 0xff;
  }

  void set(int at, int value) {
    values[at] = (byte) Math.max(0, Math.min(255, value));
  }

  /** A value that prediction looks at; above the frame lie 127, to the left of it 129. */
  int near(int x, int y) {
    if (y < 0) {
      return 127;
    }
    return x < 0 ? 129 : value(y * width + x);
  }
}
