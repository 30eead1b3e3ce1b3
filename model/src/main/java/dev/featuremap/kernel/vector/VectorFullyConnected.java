package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FullyConnectedProducts} with the Vector API, in register tiles of 5 outputs × 4 blocks, or
 * 10 outputs of a single block.
 *
 * <p>Chunks of inputs stay in the first-level cache for all tiles; between them the sums wait in
 * the output, which does not change their chains. A tile past the last output or block repeats it;
 * its copies write the same values. {@link PanelProduct}, for the input gradient, is the same for
 * weights that lie column by column: one method for both strides costs a bounds check a weight, a
 * fifth of the speed.
 */
final class VectorFullyConnected implements FullyConnectedProducts {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_BLOCKS = 4;
  private static final int TILE_ROWS = 5;
  private static final int SINGLE_ROWS = 10;

  /** Inputs that all tiles use before the next ones; 4 blocks of them are 24 KiB. */
  private static final int CHUNK = 96;

  private final int rows;
  private final int columns;
  private final PanelProduct transposed;

  private float[] weights;
  private int at;
  private int biasesAt;
  private int blocks;
  private float[][] factor;
  private float[][] result;
  private int from;
  private int to;

  VectorFullyConnected(int inputs, int outputs) {
    rows = outputs;
    columns = inputs;
    transposed = new PanelProduct(inputs, outputs);
  }

  @Override
  public void forward(
      int blocks,
      float[][] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[][] output) {
    this.blocks = blocks;
    this.factor = input;
    this.weights = parameters;
    this.at = weightsAt;
    this.biasesAt = biasesAt;
    this.result = output;
    fillWithBiases();
    for (from = 0; from < columns; from += CHUNK) {
      to = Math.min(from + CHUNK, columns);
      run();
    }
  }

  @Override
  public void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient) {
    transposed.inputGradient(blocks, outputGradient, parameters, weightsAt, inputGradient);
  }

  private void fillWithBiases() {
    for (int block = 0; block < blocks; block++) {
      for (int row = 0; row < rows; row++) {
        float bias = biasesAt < 0 ? 0f : weights[biasesAt + row];
        Arrays.fill(result[block], row * LANES, (row + 1) * LANES, bias);
      }
    }
  }

  private void run() {
    int block = 0;
    for (; block + TILE_BLOCKS <= blocks + 1; block += TILE_BLOCKS) {
      for (int row = 0; row < rows; row += TILE_ROWS) {
        for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
          fiveRowsOfFourBlocks(block, row, lane);
        }
      }
    }
    for (; block < blocks; block++) {
      for (int row = 0; row < rows; row += SINGLE_ROWS) {
        for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
          tenRows(block, row, lane);
        }
      }
    }
  }

  private int row(int row) {
    return Math.min(row, rows - 1);
  }

  /** 5 outputs of 4 blocks. */
  private void fiveRowsOfFourBlocks(int block, int row, int lane) {
    float[] w = weights;
    float[] x0 = factor[block];
    float[] x1 = factor[Math.min(block + 1, blocks - 1)];
    float[] x2 = factor[Math.min(block + 2, blocks - 1)];
    float[] x3 = factor[Math.min(block + 3, blocks - 1)];
    int w0 = at + row(row) * columns;
    int w1 = at + row(row + 1) * columns;
    int w2 = at + row(row + 2) * columns;
    int w3 = at + row(row + 3) * columns;
    int w4 = at + row(row + 4) * columns;
    float[] y0 = result[block];
    float[] y1 = result[Math.min(block + 1, blocks - 1)];
    float[] y2 = result[Math.min(block + 2, blocks - 1)];
    float[] y3 = result[Math.min(block + 3, blocks - 1)];
    int to0 = row(row) * LANES + lane;
    int to1 = row(row + 1) * LANES + lane;
    int to2 = row(row + 2) * LANES + lane;
    int to3 = row(row + 3) * LANES + lane;
    int to4 = row(row + 4) * LANES + lane;
    FloatVector a0 = FloatVector.fromArray(SPECIES, y0, to0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, y0, to1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, y0, to2);
    FloatVector a3 = FloatVector.fromArray(SPECIES, y0, to3);
    FloatVector a4 = FloatVector.fromArray(SPECIES, y0, to4);
    FloatVector b0 = FloatVector.fromArray(SPECIES, y1, to0);
    FloatVector b1 = FloatVector.fromArray(SPECIES, y1, to1);
    FloatVector b2 = FloatVector.fromArray(SPECIES, y1, to2);
    FloatVector b3 = FloatVector.fromArray(SPECIES, y1, to3);
    FloatVector b4 = FloatVector.fromArray(SPECIES, y1, to4);
    FloatVector c0 = FloatVector.fromArray(SPECIES, y2, to0);
    FloatVector c1 = FloatVector.fromArray(SPECIES, y2, to1);
    FloatVector c2 = FloatVector.fromArray(SPECIES, y2, to2);
    FloatVector c3 = FloatVector.fromArray(SPECIES, y2, to3);
    FloatVector c4 = FloatVector.fromArray(SPECIES, y2, to4);
    FloatVector d0 = FloatVector.fromArray(SPECIES, y3, to0);
    FloatVector d1 = FloatVector.fromArray(SPECIES, y3, to1);
    FloatVector d2 = FloatVector.fromArray(SPECIES, y3, to2);
    FloatVector d3 = FloatVector.fromArray(SPECIES, y3, to3);
    FloatVector d4 = FloatVector.fromArray(SPECIES, y3, to4);
    for (int column = from; column < to; column++) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, x0, column * LANES + lane);
      FloatVector v1 = FloatVector.fromArray(SPECIES, x1, column * LANES + lane);
      FloatVector v2 = FloatVector.fromArray(SPECIES, x2, column * LANES + lane);
      FloatVector v3 = FloatVector.fromArray(SPECIES, x3, column * LANES + lane);
      FloatVector m0 = FloatVector.broadcast(SPECIES, w[w0 + column]);
      a0 = m0.fma(v0, a0);
      b0 = m0.fma(v1, b0);
      c0 = m0.fma(v2, c0);
      d0 = m0.fma(v3, d0);
      FloatVector m1 = FloatVector.broadcast(SPECIES, w[w1 + column]);
      a1 = m1.fma(v0, a1);
      b1 = m1.fma(v1, b1);
      c1 = m1.fma(v2, c1);
      d1 = m1.fma(v3, d1);
      FloatVector m2 = FloatVector.broadcast(SPECIES, w[w2 + column]);
      a2 = m2.fma(v0, a2);
      b2 = m2.fma(v1, b2);
      c2 = m2.fma(v2, c2);
      d2 = m2.fma(v3, d2);
      FloatVector m3 = FloatVector.broadcast(SPECIES, w[w3 + column]);
      a3 = m3.fma(v0, a3);
      b3 = m3.fma(v1, b3);
      c3 = m3.fma(v2, c3);
      d3 = m3.fma(v3, d3);
      FloatVector m4 = FloatVector.broadcast(SPECIES, w[w4 + column]);
      a4 = m4.fma(v0, a4);
      b4 = m4.fma(v1, b4);
      c4 = m4.fma(v2, c4);
      d4 = m4.fma(v3, d4);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(y0, to0);
    neutral.add(a1).intoArray(y0, to1);
    neutral.add(a2).intoArray(y0, to2);
    neutral.add(a3).intoArray(y0, to3);
    neutral.add(a4).intoArray(y0, to4);
    neutral.add(b0).intoArray(y1, to0);
    neutral.add(b1).intoArray(y1, to1);
    neutral.add(b2).intoArray(y1, to2);
    neutral.add(b3).intoArray(y1, to3);
    neutral.add(b4).intoArray(y1, to4);
    neutral.add(c0).intoArray(y2, to0);
    neutral.add(c1).intoArray(y2, to1);
    neutral.add(c2).intoArray(y2, to2);
    neutral.add(c3).intoArray(y2, to3);
    neutral.add(c4).intoArray(y2, to4);
    neutral.add(d0).intoArray(y3, to0);
    neutral.add(d1).intoArray(y3, to1);
    neutral.add(d2).intoArray(y3, to2);
    neutral.add(d3).intoArray(y3, to3);
    neutral.add(d4).intoArray(y3, to4);
  }

  /** 10 outputs of one block. */
  private void tenRows(int block, int row, int lane) {
    float[] w = weights;
    float[] x0 = factor[block];
    int w0 = at + row(row) * columns;
    int w1 = at + row(row + 1) * columns;
    int w2 = at + row(row + 2) * columns;
    int w3 = at + row(row + 3) * columns;
    int w4 = at + row(row + 4) * columns;
    int w5 = at + row(row + 5) * columns;
    int w6 = at + row(row + 6) * columns;
    int w7 = at + row(row + 7) * columns;
    int w8 = at + row(row + 8) * columns;
    int w9 = at + row(row + 9) * columns;
    float[] y0 = result[block];
    int to0 = row(row) * LANES + lane;
    int to1 = row(row + 1) * LANES + lane;
    int to2 = row(row + 2) * LANES + lane;
    int to3 = row(row + 3) * LANES + lane;
    int to4 = row(row + 4) * LANES + lane;
    int to5 = row(row + 5) * LANES + lane;
    int to6 = row(row + 6) * LANES + lane;
    int to7 = row(row + 7) * LANES + lane;
    int to8 = row(row + 8) * LANES + lane;
    int to9 = row(row + 9) * LANES + lane;
    FloatVector a0 = FloatVector.fromArray(SPECIES, y0, to0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, y0, to1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, y0, to2);
    FloatVector a3 = FloatVector.fromArray(SPECIES, y0, to3);
    FloatVector a4 = FloatVector.fromArray(SPECIES, y0, to4);
    FloatVector a5 = FloatVector.fromArray(SPECIES, y0, to5);
    FloatVector a6 = FloatVector.fromArray(SPECIES, y0, to6);
    FloatVector a7 = FloatVector.fromArray(SPECIES, y0, to7);
    FloatVector a8 = FloatVector.fromArray(SPECIES, y0, to8);
    FloatVector a9 = FloatVector.fromArray(SPECIES, y0, to9);
    for (int column = from; column < to; column++) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, x0, column * LANES + lane);
      a0 = v0.fma(FloatVector.broadcast(SPECIES, w[w0 + column]), a0);
      a1 = v0.fma(FloatVector.broadcast(SPECIES, w[w1 + column]), a1);
      a2 = v0.fma(FloatVector.broadcast(SPECIES, w[w2 + column]), a2);
      a3 = v0.fma(FloatVector.broadcast(SPECIES, w[w3 + column]), a3);
      a4 = v0.fma(FloatVector.broadcast(SPECIES, w[w4 + column]), a4);
      a5 = v0.fma(FloatVector.broadcast(SPECIES, w[w5 + column]), a5);
      a6 = v0.fma(FloatVector.broadcast(SPECIES, w[w6 + column]), a6);
      a7 = v0.fma(FloatVector.broadcast(SPECIES, w[w7 + column]), a7);
      a8 = v0.fma(FloatVector.broadcast(SPECIES, w[w8 + column]), a8);
      a9 = v0.fma(FloatVector.broadcast(SPECIES, w[w9 + column]), a9);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(y0, to0);
    neutral.add(a1).intoArray(y0, to1);
    neutral.add(a2).intoArray(y0, to2);
    neutral.add(a3).intoArray(y0, to3);
    neutral.add(a4).intoArray(y0, to4);
    neutral.add(a5).intoArray(y0, to5);
    neutral.add(a6).intoArray(y0, to6);
    neutral.add(a7).intoArray(y0, to7);
    neutral.add(a8).intoArray(y0, to8);
    neutral.add(a9).intoArray(y0, to9);
  }
}
