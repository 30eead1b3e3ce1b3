package dev.featuremap.image;

import java.io.IOException;

/** Reads bits, the lowest first, and symbols of prefix codes. */
final class Vp8lBits {
  private final byte[] bytes;
  private final int end;
  private int at;
  private long value;
  private int bits;

  Vp8lBits(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /**
   * An unsigned number of at most 24 bits.
   *
   * @throws IOException if there are not so many bits
   */
  int number(int count) throws IOException {
    int number = (int) peek() & ((1 << count) - 1);
    skip(count);
    return number;
  }

  boolean flag() throws IOException {
    return number(1) == 1;
  }

  /** The next bits, of which 32 are there; zeros behind the end. */
  long peek() {
    while (bits <= 32) {
      value |= (at < end ? bytes[at] & 0xffL : 0) << bits;
      at++;
      bits += 8;
    }
    return value;
  }

  void skip(int count) throws IOException {
    value >>>= count;
    bits -= count;
    // What is left in the buffer has not been read.
    if (at - bits / 8 > end) {
      throw new IOException("the image data end early");
    }
  }
}
