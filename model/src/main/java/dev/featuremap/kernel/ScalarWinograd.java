package dev.featuremap.kernel;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.A3;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.B3;
import static dev.featuremap.kernel.WinogradPoints.PRODUCT;
import static dev.featuremap.kernel.WinogradPoints.SUM;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation: one tile after the other, in the order {@link Winograd} states. */
final class ScalarWinograd implements Winograd {
  private static final int LANES = Lanes.COUNT;

  private final WinogradGeometry g;
  private final WinogradWeights weights;
  private final int span;

  /** A tile's input of one channel, {@code [span, span, 16]}. */
  private final float[] pixels;

  /** A transform after its first side, at most {@code [span, span, 16]}. */
  private final float[] halfway;

  /** Transformed input of a tile, {@code [points, channels, 16]}. */
  private final float[] factors;

  /** Products of one feature map, {@code [span, span, 16]}. */
  private final float[] products;

  /** Outputs of one feature map, {@code [tile, tile, 16]}. */
  private final float[] outputs;

  ScalarWinograd(WinogradGeometry geometry) {
    g = geometry;
    weights = new WinogradWeights(g);
    span = g.span();
    pixels = new float[g.points() * LANES];
    halfway = new float[g.points() * LANES];
    factors = new float[g.points() * g.channels() * LANES];
    products = new float[g.points() * LANES];
    outputs = new float[g.tile() * g.tile() * LANES];
  }

  @Override
  public WinogradGeometry geometry() {
    return g;
  }

  @Override
  public void transformWeights(
      float[] parameters, int weightsAt, boolean turned, float[] transformed, int part, int parts) {
    weights.transform(parameters, weightsAt, turned, transformed, part, parts);
  }

  @Override
  public void apply(
      int blocks,
      float[][] input,
      float[] transformed,
      float[] parameters,
      int biasesAt,
      float[][] output) {
    for (int block = 0; block < blocks; block++) {
      for (int y = 0; y < g.outputHeight(); y += g.tile()) {
        for (int x = 0; x < g.outputWidth(); x += g.tile()) {
          for (int c = 0; c < g.channels(); c++) {
            readTile(input[block], c, y - g.rowPadding(), x - g.columnPadding());
            transformInput(c);
          }
          for (int f = 0; f < g.featureMaps(); f++) {
            multiply(transformed, f);
            transformOutput(biasesAt < 0 ? 0f : parameters[biasesAt + f]);
            writeTile(output[block], f, y, x);
          }
        }
      }
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

  private void transformInput(int c) {
    int row = span * LANES;
    int pointSize = g.channels() * LANES;
    for (int j = 0; j < span; j++) {
      inputToPoints(pixels, j * LANES, row, halfway, j * LANES, row);
    }
    for (int i = 0; i < span; i++) {
      int to = i * span * pointSize + c * LANES;
      inputToPoints(halfway, i * row, LANES, factors, to, pointSize);
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
    float evenA = Math.fma(-B2, d2, d4);
    float oddA = A * Math.fma(-B2, d1, d3);
    float evenB = Math.fma(-A2, d2, d4);
    float oddB = B * Math.fma(-A2, d1, d3);
    to[toAt] = Math.fma(PRODUCT, d0, Math.fma(-SUM, d2, d4));
    to[toAt + s] = evenA + oddA;
    to[toAt + 2 * s] = evenA - oddA;
    to[toAt + 3 * s] = evenB + oddB;
    to[toAt + 4 * s] = evenB - oddB;
    to[toAt + 5 * s] = Math.fma(PRODUCT, d1, Math.fma(-SUM, d3, d5));
  }

  private void multiply(float[] transformed, int f) {
    int panel = f / WinogradGeometry.PANEL;
    Arrays.fill(products, 0f);
    for (int point = 0; point < g.points(); point++) {
      int w =
          (point * g.panels() + panel) * g.channels() * WinogradGeometry.PANEL
              + f % WinogradGeometry.PANEL;
      int from = point * g.channels() * LANES;
      int to = point * LANES;
      for (int c = 0; c < g.channels(); c++, w += WinogradGeometry.PANEL, from += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          products[to + lane] = Math.fma(transformed[w], factors[from + lane], products[to + lane]);
        }
      }
    }
  }

  private void transformOutput(float bias) {
    int row = span * LANES;
    int tile = g.tile();
    for (int j = 0; j < span; j++) {
      pointsToOutput(products, j * LANES, row, halfway, j * LANES, row);
    }
    for (int i = 0; i < tile; i++) {
      pointsToOutput(halfway, i * row, LANES, outputs, i * tile * LANES, LANES);
    }
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] += bias;
    }
  }

  private void pointsToOutput(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    for (int lane = 0; lane < LANES; lane++) {
      if (span == 4) {
        fourToOutput(from, at + lane, step, to, toAt + lane, toStep);
      } else {
        sixToOutput(from, at + lane, step, to, toAt + lane, toStep);
      }
    }
  }

  private static void fourToOutput(float[] from, int at, int step, float[] to, int toAt, int s) {
    float m1 = from[at + step];
    float m2 = from[at + 2 * step];
    to[toAt] = from[at] + (m1 + m2);
    to[toAt + s] = (m1 - m2) - from[at + 3 * step];
  }

  private static void sixToOutput(float[] from, int at, int step, float[] to, int toAt, int s) {
    float m1 = from[at + step];
    float m2 = from[at + 2 * step];
    float m3 = from[at + 3 * step];
    float m4 = from[at + 4 * step];
    float sumA = m1 + m2;
    float differenceA = m1 - m2;
    float sumB = m3 + m4;
    float differenceB = m3 - m4;
    to[toAt] = (from[at] + sumA) + sumB;
    to[toAt + s] = Math.fma(B, differenceB, A * differenceA);
    to[toAt + 2 * s] = Math.fma(B2, sumB, A2 * sumA);
    to[toAt + 3 * s] = Math.fma(B3, differenceB, Math.fma(A3, differenceA, from[at + 5 * step]));
  }

  private void writeTile(float[] output, int f, int y, int x) {
    int columns = Math.min(g.tile(), g.outputWidth() - x) * LANES;
    for (int i = 0; i < Math.min(g.tile(), g.outputHeight() - y); i++) {
      int to = ((f * g.outputHeight() + y + i) * g.outputWidth() + x) * LANES;
      System.arraycopy(outputs, i * g.tile() * LANES, output, to, columns);
    }
  }
}
