package dev.featuremap.kernel.scalar;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.A3;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.B3;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeights;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation: one tile after the other, in the order {@link Winograd} states. */
final class ScalarWinograd implements Winograd {
  private static final int LANES = Lanes.COUNT;

  private final WinogradGeometry g;
  private final WinogradWeights weights;
  private final ScalarWinogradInput inputTransform;
  private final int span;

  /** The output transform after its first side, {@code [tile, span, 16]}. */
  private final float[] halfway;

  /** Transformed input of a tile, {@code [points, channels, 16]}. */
  private final Scratch.Buffer factors;

  /** Products of one feature map, {@code [span, span, 16]}. */
  private final float[] products;

  /** Outputs of one feature map, {@code [tile, tile, 16]}. */
  private final float[] outputs;

  ScalarWinograd(WinogradGeometry geometry, Scratch scratch) {
    g = geometry;
    weights = new WinogradWeights(g, new ScalarWinogradFields(g.span()));
    inputTransform = new ScalarWinogradInput(g);
    span = g.span();
    halfway = new float[g.tile() * span * LANES];
    factors = scratch.reserve(Scratch.Use.FACTORS, g.points() * g.channels() * LANES);
    products = new float[g.points() * LANES];
    outputs = new float[g.tile() * g.tile() * LANES];
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
    float[] in = factors.floats();
    for (int block = 0; block < blocks; block++) {
      for (int y = 0; y < g.outputHeight(); y += g.tile()) {
        for (int x = 0; x < g.outputWidth(); x += g.tile()) {
          for (int c = 0; c < g.channels(); c++) {
            inputTransform.transform(input[block], c, y, x, in, c * LANES);
          }
          for (int f = 0; f < g.featureMaps(); f++) {
            multiply(transformed, in, f);
            transformOutput(biasesAt < 0 ? 0f : parameters[biasesAt + f]);
            writeTile(output[block], f, y, x);
          }
        }
      }
    }
  }

  private void multiply(float[] transformed, float[] in, int f) {
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
          products[to + lane] = Fma.of(transformed[w], in[from + lane], products[to + lane]);
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
    to[toAt + s] = Fma.of(B, differenceB, A * differenceA);
    to[toAt + 2 * s] = Fma.of(B2, sumB, A2 * sumA);
    to[toAt + 3 * s] = Fma.of(B3, differenceB, Fma.of(A3, differenceA, from[at + 5 * step]));
  }

  private void writeTile(float[] output, int f, int y, int x) {
    int columns = Math.min(g.tile(), g.outputWidth() - x) * LANES;
    for (int i = 0; i < Math.min(g.tile(), g.outputHeight() - y); i++) {
      int to = ((f * g.outputHeight() + y + i) * g.outputWidth() + x) * LANES;
      System.arraycopy(outputs, i * g.tile() * LANES, output, to, columns);
    }
  }
}
