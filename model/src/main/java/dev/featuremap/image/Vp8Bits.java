package dev.featuremap.image;

/**
 * Decodes bits of known probabilities (RFC 6386, section 7). Behind the end of its bytes are zeros.
 */
final class Vp8Bits {
  private static final int EVEN = 128;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int range = 255;
  private int value;
  private int bits = -8;

  Vp8Bits(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** True if more has been read than there was. */
  boolean isBeyond() {
    return at > end;
  }

  /** 1 or 0; 0 with a probability of {@code probability / 256}. */
  int bit(int probability) {
    while (bits < 0) {
      value = value << 8 | (at < end ? bytes[at] & 0xff : 0);
      at++;
      bits += 8;
    }
    int split = 1 + ((range - 1) * probability >> 8);
    int big = split << bits;
    int bit = 0;
    if (value >= big) {
      value -= big;
      range -= split;
      bit = 1;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    bits -= shift;
    return bit;
  }

  boolean flag() {
    return bit(EVEN) == 1;
  }

  /** An unsigned number, the highest bit first. */
  int number(int count) {
    int number = 0;
    for (int k = 0; k < count; k++) {
      number = number << 1 | bit(EVEN);
    }
    return number;
  }

  /** A number and its sign. */
  int signed(int count) {
    int number = number(count);
    return flag() ? -number : number;
  }

  /** A signed number behind a flag that says whether there is one; else 0. */
  int optional(int count) {
    return flag() ? signed(count) : 0;
  }

  /** The leaf of a tree: pairs of places, of which those at most 0 are leaves, as negatives. */
  int leaf(int[] tree, int[] probabilities, int first) {
    int node = 0;
    do {
      node = tree[node + bit(probabilities[first + (node >> 1)])];
    } while (node > 0);
    return -node;
  }
}
