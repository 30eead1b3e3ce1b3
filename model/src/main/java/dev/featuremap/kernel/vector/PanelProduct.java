package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FullyConnectedProducts#inputGradient} with the Vector API. Column by column the weights
 * lie far apart, so those of {@value #WIDTH} inputs at a time are copied to a panel; register tiles
 * are those of {@link VectorFullyConnected}.
 */
final class PanelProduct {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_BLOCKS = 4;
  private static final int TILE_ROWS = 5;
  private static final int SINGLE_ROWS = 10;

  /** Inputs of a panel: whole tiles of both kinds, and no more than a vector away from one. */
  private static final int WIDTH = 20;

  private final int inputs;
  private final int columns;
  private final float[] weights; // [outputs, 20]

  private int blocks;
  private float[][] factor;
  private float[][] result;
  private int first;
  private int rows;

  PanelProduct(int inputs, int outputs) {
    this.inputs = inputs;
    columns = outputs;
    weights = new float[outputs * WIDTH];
  }

  void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient) {
    this.blocks = blocks;
    this.factor = outputGradient;
    this.result = inputGradient;
    for (first = 0; first < inputs; first += WIDTH) {
      rows = Math.min(WIDTH, inputs - first);
      if (rows == WIDTH) {
        copyPanel(parameters, weightsAt + first);
      } else {
        copyLastPanel(parameters, weightsAt + first);
      }
      run();
    }
  }

  /** The last vector overlaps the one before. */
  private void copyPanel(float[] parameters, int from) {
    int last = WIDTH - SPECIES.length();
    for (int column = 0; column < columns; column++) {
      int source = from + column * inputs;
      int target = column * WIDTH;
      for (int k = 0; k < last; k += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, parameters, source + k).intoArray(weights, target + k);
      }
      FloatVector.fromArray(SPECIES, parameters, source + last).intoArray(weights, target + last);
    }
  }

  private void copyLastPanel(float[] parameters, int from) {
    for (int column = 0; column < columns; column++) {
      System.arraycopy(parameters, from + column * inputs, weights, column * WIDTH, rows);
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

  /** Tiles past the last input repeat it. */
  private int target(int row, int lane) {
    return (first + Math.min(row, rows - 1)) * LANES + lane;
  }

  /** 5 inputs of 4 blocks. */
  private void fiveRowsOfFourBlocks(int block, int row, int lane) {
    float[] w = weights;
    float[] x0 = factor[block];
    float[] x1 = factor[Math.min(block + 1, blocks - 1)];
    float[] x2 = factor[Math.min(block + 2, blocks - 1)];
    float[] x3 = factor[Math.min(block + 3, blocks - 1)];
    int w0 = Math.min(row, rows - 1);
    int w1 = Math.min(row + 1, rows - 1);
    int w2 = Math.min(row + 2, rows - 1);
    int w3 = Math.min(row + 3, rows - 1);
    int w4 = Math.min(row + 4, rows - 1);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, a4 = a0;
    FloatVector b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4;
    FloatVector c0 = a0, c1 = a1, c2 = a2, c3 = a3, c4 = a4;
    FloatVector d0 = a0, d1 = a1, d2 = a2, d3 = a3, d4 = a4;
    for (int column = 0; column < columns; column++) {
      int k = column * WIDTH;
      FloatVector v0 = FloatVector.fromArray(SPECIES, x0, column * LANES + lane);
      FloatVector v1 = FloatVector.fromArray(SPECIES, x1, column * LANES + lane);
      FloatVector v2 = FloatVector.fromArray(SPECIES, x2, column * LANES + lane);
      FloatVector v3 = FloatVector.fromArray(SPECIES, x3, column * LANES + lane);
      FloatVector m0 = FloatVector.broadcast(SPECIES, w[w0 + k]);
      a0 = m0.fma(v0, a0);
      b0 = m0.fma(v1, b0);
      c0 = m0.fma(v2, c0);
      d0 = m0.fma(v3, d0);
      FloatVector m1 = FloatVector.broadcast(SPECIES, w[w1 + k]);
      a1 = m1.fma(v0, a1);
      b1 = m1.fma(v1, b1);
      c1 = m1.fma(v2, c1);
      d1 = m1.fma(v3, d1);
      FloatVector m2 = FloatVector.broadcast(SPECIES, w[w2 + k]);
      a2 = m2.fma(v0, a2);
      b2 = m2.fma(v1, b2);
      c2 = m2.fma(v2, c2);
      d2 = m2.fma(v3, d2);
      FloatVector m3 = FloatVector.broadcast(SPECIES, w[w3 + k]);
      a3 = m3.fma(v0, a3);
      b3 = m3.fma(v1, b3);
      c3 = m3.fma(v2, c3);
      d3 = m3.fma(v3, d3);
      FloatVector m4 = FloatVector.broadcast(SPECIES, w[w4 + k]);
      a4 = m4.fma(v0, a4);
      b4 = m4.fma(v1, b4);
      c4 = m4.fma(v2, c4);
      d4 = m4.fma(v3, d4);
    }
    float[] y0 = result[block];
    float[] y1 = result[Math.min(block + 1, blocks - 1)];
    float[] y2 = result[Math.min(block + 2, blocks - 1)];
    float[] y3 = result[Math.min(block + 3, blocks - 1)];
    int to0 = target(row, lane);
    int to1 = target(row + 1, lane);
    int to2 = target(row + 2, lane);
    int to3 = target(row + 3, lane);
    int to4 = target(row + 4, lane);
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

  /** 10 inputs of one block. */
  private void tenRows(int block, int row, int lane) {
    float[] w = weights;
    float[] x0 = factor[block];
    int w0 = Math.min(row, rows - 1);
    int w1 = Math.min(row + 1, rows - 1);
    int w2 = Math.min(row + 2, rows - 1);
    int w3 = Math.min(row + 3, rows - 1);
    int w4 = Math.min(row + 4, rows - 1);
    int w5 = Math.min(row + 5, rows - 1);
    int w6 = Math.min(row + 6, rows - 1);
    int w7 = Math.min(row + 7, rows - 1);
    int w8 = Math.min(row + 8, rows - 1);
    int w9 = Math.min(row + 9, rows - 1);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0;
    for (int column = 0; column < columns; column++) {
      int k = column * WIDTH;
      FloatVector v0 = FloatVector.fromArray(SPECIES, x0, column * LANES + lane);
      a0 = v0.fma(FloatVector.broadcast(SPECIES, w[w0 + k]), a0);
      a1 = v0.fma(FloatVector.broadcast(SPECIES, w[w1 + k]), a1);
      a2 = v0.fma(FloatVector.broadcast(SPECIES, w[w2 + k]), a2);
      a3 = v0.fma(FloatVector.broadcast(SPECIES, w[w3 + k]), a3);
      a4 = v0.fma(FloatVector.broadcast(SPECIES, w[w4 + k]), a4);
      a5 = v0.fma(FloatVector.broadcast(SPECIES, w[w5 + k]), a5);
      a6 = v0.fma(FloatVector.broadcast(SPECIES, w[w6 + k]), a6);
      a7 = v0.fma(FloatVector.broadcast(SPECIES, w[w7 + k]), a7);
      a8 = v0.fma(FloatVector.broadcast(SPECIES, w[w8 + k]), a8);
      a9 = v0.fma(FloatVector.broadcast(SPECIES, w[w9 + k]), a9);
    }
    float[] y0 = result[block];
    int to0 = target(row, lane);
    int to1 = target(row + 1, lane);
    int to2 = target(row + 2, lane);
    int to3 = target(row + 3, lane);
    int to4 = target(row + 4, lane);
    int to5 = target(row + 5, lane);
    int to6 = target(row + 6, lane);
    int to7 = target(row + 7, lane);
    int to8 = target(row + 8, lane);
    int to9 = target(row + 9, lane);
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
