package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.MatrixProduct;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link VectorMatrixProduct}: rows of the left matrix times a panel. 8 rows of
 * two vectors need 19 registers, so vectors of fewer than 16 lanes, whose processors may have 16,
 * are multiplied by 4 rows.
 */
final class ProductTile {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LENGTH = SPECIES.length();
  private static final int LANES = Lanes.COUNT;
  private static final int PANEL = MatrixProduct.PANEL;
  private static final int ROWS = MatrixProduct.ROWS;
  private static final boolean IS_WIDE = LENGTH == LANES;

  private ProductTile() {}

  /** Rows {@code [from, to)} times all 32 columns of a panel, to {@code column} of the result. */
  static void both(
      MatrixProduct product,
      float[] left,
      int from,
      int to,
      float[] panel,
      float[] result,
      int column) {
    if (!IS_WIDE) {
      half(product, left, from, to, panel, 0, result, column);
      half(product, left, from, to, panel, LANES, result, column + LANES);
      return;
    }
    int inner = product.inner();
    int stride = product.leftStride();
    int columns = product.columns();
    for (int row = from; row < to; row += ROWS) {
      eightByTwo(
          inner, left, row * stride, stride, panel, 0, result, row * columns + column, columns);
    }
  }

  /** Rows {@code [from, to)} times the 16 columns of a panel that begin at {@code at}. */
  static void half(
      MatrixProduct product,
      float[] left,
      int from,
      int to,
      float[] panel,
      int at,
      float[] result,
      int column) {
    int inner = product.inner();
    int stride = product.leftStride();
    int columns = product.columns();
    if (IS_WIDE) {
      for (int row = from; row < to; row += ROWS) {
        eight(
            inner, left, row * stride, stride, panel, at, result, row * columns + column, columns);
      }
      return;
    }
    for (int lane = 0; lane < LANES; lane += 2 * LENGTH) {
      for (int row = from; row < to; row += ROWS / 2) {
        int cell = row * columns + column + lane;
        fourByTwo(inner, left, row * stride, stride, panel, at + lane, result, cell, columns);
      }
    }
  }

  /** 8 rows of two vectors. */
  private static void eightByTwo(
      int inner,
      float[] left,
      int from,
      int stride,
      float[] panel,
      int at,
      float[] result,
      int to,
      int columns) {
    int l0 = from;
    int l1 = from + stride;
    int l2 = from + 2 * stride;
    int l3 = from + 3 * stride;
    int l4 = from + 4 * stride;
    int l5 = from + 5 * stride;
    int l6 = from + 6 * stride;
    int l7 = from + 7 * stride;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0, b7 = a0;
    for (int k = 0; k < inner; k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, panel, at + k * PANEL);
      FloatVector w = FloatVector.fromArray(SPECIES, panel, at + k * PANEL + LENGTH);
      FloatVector m0 = FloatVector.broadcast(SPECIES, left[l0 + k]);
      a0 = m0.fma(v, a0);
      b0 = m0.fma(w, b0);
      FloatVector m1 = FloatVector.broadcast(SPECIES, left[l1 + k]);
      a1 = m1.fma(v, a1);
      b1 = m1.fma(w, b1);
      FloatVector m2 = FloatVector.broadcast(SPECIES, left[l2 + k]);
      a2 = m2.fma(v, a2);
      b2 = m2.fma(w, b2);
      FloatVector m3 = FloatVector.broadcast(SPECIES, left[l3 + k]);
      a3 = m3.fma(v, a3);
      b3 = m3.fma(w, b3);
      FloatVector m4 = FloatVector.broadcast(SPECIES, left[l4 + k]);
      a4 = m4.fma(v, a4);
      b4 = m4.fma(w, b4);
      FloatVector m5 = FloatVector.broadcast(SPECIES, left[l5 + k]);
      a5 = m5.fma(v, a5);
      b5 = m5.fma(w, b5);
      FloatVector m6 = FloatVector.broadcast(SPECIES, left[l6 + k]);
      a6 = m6.fma(v, a6);
      b6 = m6.fma(w, b6);
      FloatVector m7 = FloatVector.broadcast(SPECIES, left[l7 + k]);
      a7 = m7.fma(v, a7);
      b7 = m7.fma(w, b7);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(result, to);
    neutral.add(b0).intoArray(result, to + LENGTH);
    neutral.add(a1).intoArray(result, to + columns);
    neutral.add(b1).intoArray(result, to + columns + LENGTH);
    neutral.add(a2).intoArray(result, to + 2 * columns);
    neutral.add(b2).intoArray(result, to + 2 * columns + LENGTH);
    neutral.add(a3).intoArray(result, to + 3 * columns);
    neutral.add(b3).intoArray(result, to + 3 * columns + LENGTH);
    neutral.add(a4).intoArray(result, to + 4 * columns);
    neutral.add(b4).intoArray(result, to + 4 * columns + LENGTH);
    neutral.add(a5).intoArray(result, to + 5 * columns);
    neutral.add(b5).intoArray(result, to + 5 * columns + LENGTH);
    neutral.add(a6).intoArray(result, to + 6 * columns);
    neutral.add(b6).intoArray(result, to + 6 * columns + LENGTH);
    neutral.add(a7).intoArray(result, to + 7 * columns);
    neutral.add(b7).intoArray(result, to + 7 * columns + LENGTH);
  }

  /** 8 rows of a vector. */
  private static void eight(
      int inner,
      float[] left,
      int from,
      int stride,
      float[] panel,
      int at,
      float[] result,
      int to,
      int columns) {
    int l0 = from;
    int l1 = from + stride;
    int l2 = from + 2 * stride;
    int l3 = from + 3 * stride;
    int l4 = from + 4 * stride;
    int l5 = from + 5 * stride;
    int l6 = from + 6 * stride;
    int l7 = from + 7 * stride;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    for (int k = 0; k < inner; k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, panel, at + k * PANEL);
      FloatVector m0 = FloatVector.broadcast(SPECIES, left[l0 + k]);
      a0 = m0.fma(v, a0);
      FloatVector m1 = FloatVector.broadcast(SPECIES, left[l1 + k]);
      a1 = m1.fma(v, a1);
      FloatVector m2 = FloatVector.broadcast(SPECIES, left[l2 + k]);
      a2 = m2.fma(v, a2);
      FloatVector m3 = FloatVector.broadcast(SPECIES, left[l3 + k]);
      a3 = m3.fma(v, a3);
      FloatVector m4 = FloatVector.broadcast(SPECIES, left[l4 + k]);
      a4 = m4.fma(v, a4);
      FloatVector m5 = FloatVector.broadcast(SPECIES, left[l5 + k]);
      a5 = m5.fma(v, a5);
      FloatVector m6 = FloatVector.broadcast(SPECIES, left[l6 + k]);
      a6 = m6.fma(v, a6);
      FloatVector m7 = FloatVector.broadcast(SPECIES, left[l7 + k]);
      a7 = m7.fma(v, a7);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(result, to);
    neutral.add(a1).intoArray(result, to + columns);
    neutral.add(a2).intoArray(result, to + 2 * columns);
    neutral.add(a3).intoArray(result, to + 3 * columns);
    neutral.add(a4).intoArray(result, to + 4 * columns);
    neutral.add(a5).intoArray(result, to + 5 * columns);
    neutral.add(a6).intoArray(result, to + 6 * columns);
    neutral.add(a7).intoArray(result, to + 7 * columns);
  }

  /** 4 rows of two vectors. */
  private static void fourByTwo(
      int inner,
      float[] left,
      int from,
      int stride,
      float[] panel,
      int at,
      float[] result,
      int to,
      int columns) {
    int l0 = from;
    int l1 = from + stride;
    int l2 = from + 2 * stride;
    int l3 = from + 3 * stride;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    for (int k = 0; k < inner; k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, panel, at + k * PANEL);
      FloatVector w = FloatVector.fromArray(SPECIES, panel, at + k * PANEL + LENGTH);
      FloatVector m0 = FloatVector.broadcast(SPECIES, left[l0 + k]);
      a0 = m0.fma(v, a0);
      b0 = m0.fma(w, b0);
      FloatVector m1 = FloatVector.broadcast(SPECIES, left[l1 + k]);
      a1 = m1.fma(v, a1);
      b1 = m1.fma(w, b1);
      FloatVector m2 = FloatVector.broadcast(SPECIES, left[l2 + k]);
      a2 = m2.fma(v, a2);
      b2 = m2.fma(w, b2);
      FloatVector m3 = FloatVector.broadcast(SPECIES, left[l3 + k]);
      a3 = m3.fma(v, a3);
      b3 = m3.fma(w, b3);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(result, to);
    neutral.add(b0).intoArray(result, to + LENGTH);
    neutral.add(a1).intoArray(result, to + columns);
    neutral.add(b1).intoArray(result, to + columns + LENGTH);
    neutral.add(a2).intoArray(result, to + 2 * columns);
    neutral.add(b2).intoArray(result, to + 2 * columns + LENGTH);
    neutral.add(a3).intoArray(result, to + 3 * columns);
    neutral.add(b3).intoArray(result, to + 3 * columns + LENGTH);
  }
}
