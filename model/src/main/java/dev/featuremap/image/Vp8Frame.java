package dev.featuremap.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes a key frame of VP8 to planes of luma and chroma (RFC 6386), as lossy WebP has it. The
 * values are those that the standard prescribes, to the bit.
 */
final class Vp8Frame {
  private static final int[] SMALL_TREE = {
    0, 2, -1, 4, -2, 6, 8, 12, -3, 10, -5, -6, -4, 14, -7, 16, -8, -9
  };
  private static final int SMALL_MODES = 10;
  private static final int SMALL_NODES = 9;

  private final Vp8Head head;
  private final int columns;
  private final int rows;
  private final Vp8Plane luma;
  private final Vp8Plane blue;
  private final Vp8Plane red;

  /** By block of 16 by 16 pixels, the level of the filter; negative if edges inside stay. */
  private final int[][] filters;

  /** Modes of the blocks of 4 by 4 pixels above. */
  private final int[] above;

  private final int[] toLeft = new int[4];

  /** Of those above: 4 of luma, 2 and 2 of chroma, and the sums; 1 where there are coefficients. */
  private final int[][] filledAbove;

  private final int[] filledLeft = new int[9];
  private final int[] coefficients = new int[25 * 16];
  private final int[] modes = new int[16];

  private Vp8Frame(Vp8Head head) {
    this.head = head;
    columns = (head.width + 15) / 16;
    rows = (head.height + 15) / 16;
    luma = new Vp8Plane(16 * columns, 16 * rows);
    blue = new Vp8Plane(8 * columns, 8 * rows);
    red = new Vp8Plane(8 * columns, 8 * rows);
    filters = new int[rows][columns];
    above = new int[4 * columns];
    filledAbove = new int[columns][9];
  }

  /**
   * Decodes the frame in {@code bytes[start, end)}.
   *
   * @throws BadImageException if it is too large
   * @throws IOException if it is damaged
   */
  static Pixels pixels(byte[] bytes, int start, int end, PixelLimits limits)
      throws BadImageException, IOException {
    Vp8Head head = new Vp8Head(bytes, start, end);
    limits.requireAtMost(head.width, head.height);
    Vp8Frame frame = new Vp8Frame(head);
    frame.decode();
    return WebpColours.pixels(frame.luma, frame.blue, frame.red, head.width, head.height);
  }

  private void decode() throws IOException {
    for (int row = 0; row < rows; row++) {
      toLeft[0] = toLeft[1] = toLeft[2] = toLeft[3] = 0;
      Arrays.fill(filledLeft, 0);
      Vp8Bits part = head.parts[row % head.parts.length];
      for (int column = 0; column < columns; column++) {
        block(row, column, part);
        if (part.isBeyond() || head.bits.isBeyond()) {
          throw new IOException("the frame ends early");
        }
      }
    }
    if (head.filtered) {
      new Vp8Filter(head, luma, blue, red).apply(filters);
    }
  }

  private void block(int row, int column, Vp8Bits part) {
    Vp8Bits bits = head.bits;
    int segment = 0;
    if (head.mapsSegments) {
      segment =
          bits.bit(head.segmentTree[0]) == 0
              ? bits.bit(head.segmentTree[1])
              : 2 + bits.bit(head.segmentTree[2]);
    }
    boolean skipped = head.skip >= 0 && bits.bit(head.skip) == 1;
    boolean small = bits.bit(145) == 0;
    int whole = small ? readSmallModes(column) : readWholeMode(column);
    int chroma = readChromaMode();
    Arrays.fill(coefficients, 0);
    boolean filled = false;
    if (skipped) {
      clearFilled(column, small);
    } else {
      filled = readCoefficients(part, segment, column, small);
    }
    predictLuma(row, column, small, whole);
    predictChroma(blue, row, column, chroma, 16);
    predictChroma(red, row, column, chroma, 20);
    int level = head.levels[segment][small ? 1 : 0];
    filters[row][column] = small || filled ? level : -level;
  }

  private int readWholeMode(int column) {
    Vp8Bits bits = head.bits;
    int mode =
        bits.bit(156) == 1
            ? bits.bit(128) == 1 ? Vp8Prediction.SLOPE : Vp8Prediction.HORIZONTAL
            : bits.bit(163) == 1 ? Vp8Prediction.VERTICAL : Vp8Prediction.MEAN;
    for (int k = 0; k < 4; k++) {
      above[4 * column + k] = mode;
      toLeft[k] = mode;
    }
    return mode;
  }

  private int readSmallModes(int column) {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int place = (above[4 * column + x] * SMALL_MODES + toLeft[y]) * SMALL_NODES;
        int mode = head.bits.leaf(SMALL_TREE, Vp8Constants.MODES, place);
        modes[4 * y + x] = mode;
        above[4 * column + x] = mode;
        toLeft[y] = mode;
      }
    }
    return 0;
  }

  private int readChromaMode() {
    Vp8Bits bits = head.bits;
    if (bits.bit(142) == 0) {
      return Vp8Prediction.MEAN;
    }
    if (bits.bit(114) == 0) {
      return Vp8Prediction.VERTICAL;
    }
    return bits.bit(183) == 1 ? Vp8Prediction.SLOPE : Vp8Prediction.HORIZONTAL;
  }

  /** Blocks of small modes have no sums and leave those of others as they are. */
  private void clearFilled(int column, boolean small) {
    Arrays.fill(filledAbove[column], 0, small ? 8 : 9, 0);
    Arrays.fill(filledLeft, 0, small ? 8 : 9, 0);
  }

  /** Returns whether any coefficient is not zero. */
  private boolean readCoefficients(Vp8Bits part, int segment, int column, boolean small) {
    int[][] steps = head.steps[segment];
    int[] up = filledAbove[column];
    int first = 0;
    int kind = 3;
    if (!small) {
      int[] sums = new int[16];
      int end = Vp8Residual.read(part, head.tokens, 1, up[8] + filledLeft[8], steps[1], 0, sums, 0);
      up[8] = filledLeft[8] = end > 0 ? 1 : 0;
      Vp8Residual.spread(sums, coefficients);
      first = 1;
      kind = 0;
    }
    boolean filled = false;
    for (int block = 0; block < 16; block++) {
      int x = block % 4;
      int y = block / 4;
      filled |= read(part, kind, up, x, y, steps[0], first, block);
    }
    for (int plane = 0; plane < 2; plane++) {
      for (int block = 0; block < 4; block++) {
        int x = 4 + 2 * plane + block % 2;
        int y = 4 + 2 * plane + block / 2;
        filled |= read(part, 2, up, x, y, steps[2], 0, 16 + 4 * plane + block);
      }
    }
    return filled;
  }

  private boolean read(
      Vp8Bits part, int kind, int[] up, int x, int y, int[] steps, int first, int block) {
    int context = up[x] + filledLeft[y];
    int end =
        Vp8Residual.read(part, head.tokens, kind, context, steps, first, coefficients, 16 * block);
    up[x] = filledLeft[y] = end > first ? 1 : 0;
    return end > 1 || coefficients[16 * block] != 0;
  }

  private void predictLuma(int row, int column, boolean small, int whole) {
    int x0 = 16 * column;
    int y0 = 16 * row;
    if (!small) {
      Vp8Prediction.whole(luma, x0, y0, 16, whole);
    }
    int[] edge = new int[13];
    for (int block = 0; block < 16; block++) {
      int x = x0 + 4 * (block % 4);
      int y = y0 + 4 * (block / 4);
      int at = y * luma.width + x;
      if (small) {
        edge(x, y, y0, edge);
        Vp8Prediction.small(luma, at, modes[block], edge);
      }
      Vp8Residual.add(coefficients, 16 * block, luma, at);
    }
  }

  /**
   * To the right of a large block nothing is decoded yet but the row above it, which stands for all
   * four rows; of the last column its last pixel does.
   */
  private void edge(int x, int y, int y0, int[] edge) {
    for (int k = 0; k < 4; k++) {
      edge[3 - k] = luma.near(x - 1, y + k);
      edge[5 + k] = luma.near(x + k, y - 1);
    }
    edge[4] = luma.near(x - 1, y - 1);
    int line = x % 16 == 12 ? y0 - 1 : y - 1;
    for (int k = 4; k < 8; k++) {
      edge[5 + k] = luma.near(Math.min(x + k, luma.width - 1), line);
    }
  }

  private void predictChroma(Vp8Plane plane, int row, int column, int mode, int firstBlock) {
    Vp8Prediction.whole(plane, 8 * column, 8 * row, 8, mode);
    for (int block = 0; block < 4; block++) {
      int x = 8 * column + 4 * (block % 2);
      int y = 8 * row + 4 * (block / 2);
      Vp8Residual.add(coefficients, 16 * (firstBlock + block), plane, y * plane.width + x);
    }
  }
}
