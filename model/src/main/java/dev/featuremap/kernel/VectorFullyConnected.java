package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The fully connected layer and its input gradient with the Vector API.
 *
 * <p>Both multiply a matrix by a block of 16 images, one with the weights as they lie and one with
 * the weights transposed, which only swaps the strides.
 */
final class VectorFullyConnected {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_ROWS = 8;

  private final float[] weights;
  private final int at;
  private final int rowStride;
  private final int columnStride;
  private final int rows;
  private final int columns;

  /**
   * Element (row, column) of the matrix lies at {@code at + row · rowStride + column ·
   * columnStride}.
   */
  private VectorFullyConnected(
      float[] weights, int at, int rowStride, int columnStride, int rows, int columns) {
    this.weights = weights;
    this.at = at;
    this.rowStride = rowStride;
    this.columnStride = columnStride;
    this.rows = rows;
    this.columns = columns;
  }

  static void forward(
      int inputs,
      int outputs,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output) {
    for (int o = 0; o < outputs; o++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        FloatVector.broadcast(SPECIES, parameters[biasesAt + o])
            .intoArray(output, o * LANES + lane);
      }
    }
    new VectorFullyConnected(parameters, weightsAt, inputs, 1, outputs, inputs)
        .addProduct(input, output);
  }

  static void inputGradient(
      int inputs,
      int outputs,
      float[] outputGradient,
      float[] parameters,
      int weightsAt,
      float[] inputGradient) {
    Arrays.fill(inputGradient, 0, inputs * LANES, 0f);
    new VectorFullyConnected(parameters, weightsAt, 1, inputs, inputs, outputs)
        .addProduct(outputGradient, inputGradient);
  }

  /** Adds this matrix times {@code factor}, {@code [columns, 16]}, to {@code [rows, 16]}. */
  void addProduct(float[] factor, float[] result) {
    for (int row = 0; row < rows; row += TILE_ROWS) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        eightRows(factor, result, row, lane);
      }
    }
  }

  /** A tile past the last row repeats that row; its copies read and write the same values. */
  private int row(int row) {
    return Math.min(row, rows - 1);
  }

  private void eightRows(float[] factor, float[] result, int row, int lane) {
    float[] w = weights;
    int r0 = row(row);
    int r1 = row(row + 1);
    int r2 = row(row + 2);
    int r3 = row(row + 3);
    int r4 = row(row + 4);
    int r5 = row(row + 5);
    int r6 = row(row + 6);
    int r7 = row(row + 7);
    FloatVector a0 = FloatVector.fromArray(SPECIES, result, r0 * LANES + lane);
    FloatVector a1 = FloatVector.fromArray(SPECIES, result, r1 * LANES + lane);
    FloatVector a2 = FloatVector.fromArray(SPECIES, result, r2 * LANES + lane);
    FloatVector a3 = FloatVector.fromArray(SPECIES, result, r3 * LANES + lane);
    FloatVector a4 = FloatVector.fromArray(SPECIES, result, r4 * LANES + lane);
    FloatVector a5 = FloatVector.fromArray(SPECIES, result, r5 * LANES + lane);
    FloatVector a6 = FloatVector.fromArray(SPECIES, result, r6 * LANES + lane);
    FloatVector a7 = FloatVector.fromArray(SPECIES, result, r7 * LANES + lane);
    int w0 = at + r0 * rowStride;
    int w1 = at + r1 * rowStride;
    int w2 = at + r2 * rowStride;
    int w3 = at + r3 * rowStride;
    int w4 = at + r4 * rowStride;
    int w5 = at + r5 * rowStride;
    int w6 = at + r6 * rowStride;
    int w7 = at + r7 * rowStride;
    for (int column = 0, k = 0; column < columns; column++, k += columnStride) {
      FloatVector x = FloatVector.fromArray(SPECIES, factor, column * LANES + lane);
      a0 = x.fma(FloatVector.broadcast(SPECIES, w[w0 + k]), a0);
      a1 = x.fma(FloatVector.broadcast(SPECIES, w[w1 + k]), a1);
      a2 = x.fma(FloatVector.broadcast(SPECIES, w[w2 + k]), a2);
      a3 = x.fma(FloatVector.broadcast(SPECIES, w[w3 + k]), a3);
      a4 = x.fma(FloatVector.broadcast(SPECIES, w[w4 + k]), a4);
      a5 = x.fma(FloatVector.broadcast(SPECIES, w[w5 + k]), a5);
      a6 = x.fma(FloatVector.broadcast(SPECIES, w[w6 + k]), a6);
      a7 = x.fma(FloatVector.broadcast(SPECIES, w[w7 + k]), a7);
    }
    a0.intoArray(result, r0 * LANES + lane);
    a1.intoArray(result, r1 * LANES + lane);
    a2.intoArray(result, r2 * LANES + lane);
    a3.intoArray(result, r3 * LANES + lane);
    a4.intoArray(result, r4 * LANES + lane);
    a5.intoArray(result, r5 * LANES + lane);
    a6.intoArray(result, r6 * LANES + lane);
    a7.intoArray(result, r7 * LANES + lane);
  }
}
