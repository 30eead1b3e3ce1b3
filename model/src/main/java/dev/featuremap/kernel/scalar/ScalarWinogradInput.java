package dev.featuremap.kernel.scalar;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.PRODUCT;
import static dev.featuremap.kernel.WinogradPoints.SUM;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The input transform of the reference implementations. */
final class ScalarWinogradInput {
  private static final int LANES = Lanes.COUNT;

  private final WinogradGeometry g;
  private final int span;

  /** A tile's input of one channel, {@code [span, span, 16]}. */
  private final float[] pixels;

  /** The transform after its first side, {@code [span, span, 16]}. */
  private final float[] halfway;

  ScalarWinogradInput(WinogradGeometry geometry) {
    g = geometry;
    span = g.span();
    pixels = new float[g.points() * LANES];
    halfway = new float[g.points() * LANES];
  }

  /**
   * Transforms a channel of the tile whose output starts at {@code (y, x)}, to {@code [points,
   * channels, 16]}.
   */
  void transform(float[] input, int c, int y, int x, float[] to, int toAt) {
    readTile(input, c, y - g.rowPadding(), x - g.columnPadding());
    int row = span * LANES;
    int pointSize = g.channels() * LANES;
    for (int j = 0; j < span; j++) {
      inputToPoints(pixels, j * LANES, row, halfway, j * LANES, row);
    }
    for (int i = 0; i < span; i++) {
      inputToPoints(halfway, i * row, LANES, to, toAt + i * span * pointSize, pointSize);
    }
  }

  private void readTile(float[] input, int c, int top, int left) {
    int at = 0;
    for (int y = top; y < top + span; y++) {
      for (int x = left; x < left + span; x++, at += LANES) {
        if (y < 0 || y >= g.height() || x < 0 || x >= g.width()) {
          Arrays.fill(pixels, at, at + LANES, 0f);
        } else {
          int from = ((c * g.height() + y) * g.width() + x) * LANES;
          System.arraycopy(input, from, pixels, at, LANES);
        }
      }
    }
  }

  private void inputToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    for (int lane = 0; lane < LANES; lane++) {
      if (span == 4) {
        inputToFour(from, at + lane, step, to, toAt + lane, toStep);
      } else {
        inputToSix(from, at + lane, step, to, toAt + lane, toStep);
      }
    }
  }

  private static void inputToFour(float[] from, int at, int step, float[] to, int toAt, int s) {
    float d0 = from[at];
    float d1 = from[at + step];
    float d2 = from[at + 2 * step];
    float d3 = from[at + 3 * step];
    to[toAt] = d0 - d2;
    to[toAt + s] = d1 + d2;
    to[toAt + 2 * s] = d2 - d1;
    to[toAt + 3 * s] = d1 - d3;
  }

  private static void inputToSix(float[] from, int at, int step, float[] to, int toAt, int s) {
    float d0 = from[at];
    float d1 = from[at + step];
    float d2 = from[at + 2 * step];
    float d3 = from[at + 3 * step];
    float d4 = from[at + 4 * step];
    float d5 = from[at + 5 * step];
    float evenA = Fma.of(-B2, d2, d4);
    float oddA = A * Fma.of(-B2, d1, d3);
    float evenB = Fma.of(-A2, d2, d4);
    float oddB = B * Fma.of(-A2, d1, d3);
    to[toAt] = Fma.of(PRODUCT, d0, Fma.of(-SUM, d2, d4));
    to[toAt + s] = evenA + oddA;
    to[toAt + 2 * s] = evenA - oddA;
    to[toAt + 3 * s] = evenB + oddB;
    to[toAt + 4 * s] = evenB - oddB;
    to[toAt + 5 * s] = Fma.of(PRODUCT, d1, Fma.of(-SUM, d3, d5));
  }
}
