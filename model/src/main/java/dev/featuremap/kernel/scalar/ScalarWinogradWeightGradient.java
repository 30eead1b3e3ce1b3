package dev.featuremap.kernel.scalar;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.A3;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.B3;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradSums;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The reference implementation: one tile after the other, in the order {@link
 * WinogradWeightGradient} states.
 */
final class ScalarWinogradWeightGradient implements WinogradWeightGradient {
  private static final int LANES = Lanes.COUNT;

  private final WinogradGeometry g;
  private final ScalarWinogradInput inputTransform;
  private final WinogradSums sums;
  private final int span;

  /** Transformed input of a tile, {@code [points, channels, 16]}. */
  private final Scratch.Buffer factors;

  /** A tile of the output gradient of one feature map, {@code [tile, tile, 16]}. */
  private final float[] pixels;

  /** Its transform after the first side, {@code [span, tile, 16]}. */
  private final float[] halfway;

  /** Its transform, {@code [points, 16]}. */
  private final float[] gradients;

  /** Chains of the group under work, laid out as the sums. */
  private final Scratch.Buffer chains;

  ScalarWinogradWeightGradient(WinogradGeometry geometry, Scratch scratch) {
    g = geometry;
    inputTransform = new ScalarWinogradInput(g);
    sums = new WinogradSums(g, new ScalarWinogradFields(g.span()), scratch);
    span = g.span();
    factors = scratch.reserve(Scratch.Use.FACTORS, g.points() * g.channels() * LANES);
    pixels = new float[g.tile() * g.tile() * LANES];
    halfway = new float[span * g.tile() * LANES];
    gradients = new float[g.points() * LANES];
    chains = scratch.reserve(Scratch.Use.CHAINS, sums.length());
  }

  @Override
  public void add(
      int blocks,
      float[][] input,
      float[][] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    float[] values = sums.cleared();
    float[] in = factors.floats();
    float[] group = chains.floats();
    int tiles = blocks * g.tiles();
    for (int tile = 0; tile < tiles; tile++) {
      if (tile % GROUP == 0) {
        Arrays.fill(group, 0, sums.length(), 0f);
      }
      int block = tile / g.tiles();
      int y = tile % g.tiles() / g.tileColumns() * g.tile();
      int x = tile % g.tileColumns() * g.tile();
      for (int c = 0; c < g.channels(); c++) {
        inputTransform.transform(input[block], c, y, x, in, c * LANES);
      }
      for (int f = 0; f < g.featureMaps(); f++) {
        readTile(outputGradient[block], f, y, x);
        transformGradient();
        multiply(in, f, group);
      }
      if ((tile + 1) % GROUP == 0 || tile + 1 == tiles) {
        addChains(group, values);
      }
    }
    sums.addTo(parameterGradient, weightsAt);
  }

  private void addChains(float[] group, float[] values) {
    for (int k = 0; k < sums.length(); k++) {
      values[k] += group[k];
    }
  }

  private void readTile(float[] outputGradient, int f, int y, int x) {
    Arrays.fill(pixels, 0f);
    int columns = Math.min(g.tile(), g.outputWidth() - x) * LANES;
    for (int i = 0; i < Math.min(g.tile(), g.outputHeight() - y); i++) {
      int from = ((f * g.outputHeight() + y + i) * g.outputWidth() + x) * LANES;
      System.arraycopy(outputGradient, from, pixels, i * g.tile() * LANES, columns);
    }
  }

  private void transformGradient() {
    int row = g.tile() * LANES;
    for (int j = 0; j < g.tile(); j++) {
      pixelsToPoints(pixels, j * LANES, row, halfway, j * LANES, row);
    }
    for (int i = 0; i < span; i++) {
      pixelsToPoints(halfway, i * row, LANES, gradients, i * span * LANES, LANES);
    }
  }

  private void pixelsToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    for (int lane = 0; lane < LANES; lane++) {
      if (span == 4) {
        twoToPoints(from, at + lane, step, to, toAt + lane, toStep);
      } else {
        fourToPoints(from, at + lane, step, to, toAt + lane, toStep);
      }
    }
  }

  private static void twoToPoints(float[] from, int at, int step, float[] to, int toAt, int s) {
    float y0 = from[at];
    float y1 = from[at + step];
    to[toAt] = y0;
    to[toAt + s] = y0 + y1;
    to[toAt + 2 * s] = y0 - y1;
    to[toAt + 3 * s] = -y1;
  }

  private static void fourToPoints(float[] from, int at, int step, float[] to, int toAt, int s) {
    float y0 = from[at];
    float y1 = from[at + step];
    float y2 = from[at + 2 * step];
    float y3 = from[at + 3 * step];
    float evenA = Fma.of(A2, y2, y0);
    float oddA = Fma.of(A3, y3, A * y1);
    float evenB = Fma.of(B2, y2, y0);
    float oddB = Fma.of(B3, y3, B * y1);
    to[toAt] = y0;
    to[toAt + s] = evenA + oddA;
    to[toAt + 2 * s] = evenA - oddA;
    to[toAt + 3 * s] = evenB + oddB;
    to[toAt + 4 * s] = evenB - oddB;
    to[toAt + 5 * s] = y3;
  }

  /** Continues the chains of one feature map by the 16 images of a tile. */
  private void multiply(float[] in, int f, float[] group) {
    for (int point = 0; point < g.points(); point++) {
      for (int c = 0; c < g.channels(); c++) {
        int from = (point * g.channels() + c) * LANES;
        float sum = group[sums.at(point, c) + f];
        for (int lane = 0; lane < LANES; lane++) {
          sum = Fma.of(in[from + lane], gradients[point * LANES + lane], sum);
        }
        group[sums.at(point, c) + f] = sum;
      }
    }
  }
}
