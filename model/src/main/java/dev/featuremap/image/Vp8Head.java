package dev.featuremap.image;

import java.io.IOException;

/**
 * The head of a key frame of VP8 (RFC 6386, section 9), and where its parts are.
 *
 * <p>Arrays by segment have 4 places; a frame without segments uses the first.
 */
final class Vp8Head {
  private static final int TAG_BYTES = 10;
  private static final int SEGMENTS = 4;
  private static final int LAST_STEP = 127;
  private static final int LAST_CHROMA_DC = 117;
  private static final int MOST_LEVEL = 63;

  final int width;
  final int height;

  /** Reads modes once the head is read. */
  final Vp8Bits bits;

  /** Read coefficients, of every so many rows of blocks. */
  final Vp8Bits[] parts;

  final int[] tokens = Vp8Constants.TOKENS.clone();
  final int[] segmentTree = {255, 255, 255};
  final boolean mapsSegments;
  final boolean simpleFilter;
  final boolean filtered;
  final int sharpness;

  /** Factors of coefficients: {@code [segment][luma, sums of luma, chroma][first, others]}. */
  final int[][][] steps = new int[SEGMENTS][3][2];

  /** Strengths of the filter: {@code [segment][1 for blocks of 4 by 4 modes]}. */
  final int[][] levels = new int[SEGMENTS][2];

  /** The probability that blocks have coefficients; negative if all say so. */
  final int skip;

  private boolean segmented;
  private boolean absolute;
  private final int[] quantizers = new int[SEGMENTS];
  private final int[] strengths = new int[SEGMENTS];

  /**
   * Reads the head of the frame in {@code bytes[start, end)}.
   *
   * @throws IOException if it is damaged, or is no key frame
   */
  Vp8Head(byte[] bytes, int start, int end) throws IOException {
    if (end - start < TAG_BYTES) {
      throw new IOException("the frame ends in its head");
    }
    int tag = word(bytes, start) | (bytes[start + 2] & 0xff) << 16;
    int profile = tag >> 1 & 7;
    if ((tag & 1) != 0 || profile > 3 || (tag >> 4 & 1) == 0) {
      throw new IOException("the frame is not one of an image");
    }
    if (bytes[start + 3] != (byte) 0x9d || bytes[start + 4] != 1 || bytes[start + 5] != 0x2a) {
      throw new IOException("the frame has no start code");
    }
    width = word(bytes, start + 6) & 0x3fff;
    height = word(bytes, start + 8) & 0x3fff;
    int second = start + TAG_BYTES + (tag >> 5);
    if (width == 0 || height == 0 || second > end) {
      throw new IOException("the frame ends early");
    }
    bits = new Vp8Bits(bytes, start + TAG_BYTES, second);
    bits.number(2); // colour space, and whether clamping is needed
    mapsSegments = readSegments();
    simpleFilter = bits.flag();
    int level = bits.number(6);
    sharpness = bits.number(3);
    filtered = level > 0;
    readLevels(level);
    parts = parts(bytes, second, end);
    readSteps();
    bits.flag(); // whether later frames keep the probabilities
    for (int k = 0; k < tokens.length; k++) {
      if (bits.bit(Vp8Constants.UPDATES[k]) == 1) {
        tokens[k] = bits.number(8);
      }
    }
    skip = bits.flag() ? bits.number(8) : -1;
  }

  /** Returns whether blocks name their segments. */
  private boolean readSegments() {
    segmented = bits.flag();
    if (!segmented) {
      return false;
    }
    boolean maps = bits.flag();
    if (bits.flag()) {
      absolute = bits.flag();
      for (int s = 0; s < SEGMENTS; s++) {
        quantizers[s] = bits.optional(7);
      }
      for (int s = 0; s < SEGMENTS; s++) {
        strengths[s] = bits.optional(6);
      }
    }
    for (int k = 0; maps && k < segmentTree.length; k++) {
      segmentTree[k] = bits.flag() ? bits.number(8) : 255;
    }
    return maps;
  }

  private void readLevels(int level) {
    int[] changes = new int[8];
    boolean changed = bits.flag();
    if (changed && bits.flag()) {
      for (int k = 0; k < changes.length; k++) {
        changes[k] = bits.optional(6);
      }
    }
    for (int s = 0; s < SEGMENTS; s++) {
      int base = segmented ? strengths[s] + (absolute ? 0 : level) : level;
      for (int small = 0; small < 2; small++) {
        int sum = base + changes[0] + small * changes[4];
        levels[s][small] = Math.max(0, Math.min(MOST_LEVEL, sum));
      }
    }
  }

  private Vp8Bits[] parts(byte[] bytes, int sizes, int end) throws IOException {
    Vp8Bits[] all = new Vp8Bits[1 << bits.number(2)];
    int from = sizes + 3 * (all.length - 1);
    if (from > end) {
      throw new IOException("the frame ends early");
    }
    for (int k = 0; k < all.length; k++) {
      int size = end - from;
      if (k < all.length - 1) {
        int at = sizes + 3 * k;
        size = Math.min(size, word(bytes, at) | (bytes[at + 2] & 0xff) << 16);
      }
      all[k] = new Vp8Bits(bytes, from, from + size);
      from += size;
    }
    return all;
  }

  private void readSteps() {
    int base = bits.number(7);
    int lumaDc = bits.optional(4);
    int sumsDc = bits.optional(4);
    int sumsAc = bits.optional(4);
    int chromaDc = bits.optional(4);
    int chromaAc = bits.optional(4);
    for (int s = 0; s < SEGMENTS; s++) {
      int q = segmented ? quantizers[s] + (absolute ? 0 : base) : base;
      steps[s][0][0] = Vp8Constants.DC_STEPS[place(q + lumaDc, LAST_STEP)];
      steps[s][0][1] = Vp8Constants.AC_STEPS[place(q, LAST_STEP)];
      steps[s][1][0] = Vp8Constants.DC_STEPS[place(q + sumsDc, LAST_STEP)] * 2;
      steps[s][1][1] = Math.max(8, Vp8Constants.AC_STEPS[place(q + sumsAc, LAST_STEP)] * 155 / 100);
      steps[s][2][0] = Vp8Constants.DC_STEPS[place(q + chromaDc, LAST_CHROMA_DC)];
      steps[s][2][1] = Vp8Constants.AC_STEPS[place(q + chromaAc, LAST_STEP)];
    }
  }

  private static int place(int q, int last) {
    return Math.max(0, Math.min(last, q));
  }

  private static int word(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }
}
