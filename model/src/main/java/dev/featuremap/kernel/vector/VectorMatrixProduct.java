package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#multiply} with the Vector API: register tiles of 4 rows and two vectors. */
final class VectorMatrixProduct {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int PAIR = 2 * SPECIES.length();

  private VectorMatrixProduct() {}

  static void apply(MatrixProduct product, float[] left, float[] right, float[] result) {
    int columns = product.columns();
    int pairs = columns - columns % PAIR;
    for (int column = 0; column < pairs; column += PAIR) {
      int rows = product.isSymmetric() ? Math.min(product.rows(), column + PAIR) : product.rows();
      for (int row = 0; row < rows; row += MatrixProduct.ROWS) {
        pair(product, left, row, right, result, column);
      }
    }
    if (pairs < columns) {
      for (int row = 0; row < product.rows(); row += MatrixProduct.ROWS) {
        single(product, left, row, right, result, pairs);
      }
    }
    if (product.isSymmetric()) {
      product.mirror(result);
    }
  }

  private static void pair(
      MatrixProduct product, float[] left, int row, float[] right, float[] result, int column) {
    int columns = product.columns();
    int next = column + SPECIES.length();
    int l0 = row * product.leftStride();
    int l1 = l0 + product.leftStride();
    int l2 = l1 + product.leftStride();
    int l3 = l2 + product.leftStride();
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    for (int k = 0; k < product.inner(); k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, right, k * columns + column);
      FloatVector w = FloatVector.fromArray(SPECIES, right, k * columns + next);
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
    int to = row * columns;
    neutral.add(a0).intoArray(result, to + column);
    neutral.add(b0).intoArray(result, to + next);
    neutral.add(a1).intoArray(result, to + columns + column);
    neutral.add(b1).intoArray(result, to + columns + next);
    neutral.add(a2).intoArray(result, to + 2 * columns + column);
    neutral.add(b2).intoArray(result, to + 2 * columns + next);
    neutral.add(a3).intoArray(result, to + 3 * columns + column);
    neutral.add(b3).intoArray(result, to + 3 * columns + next);
  }

  private static void single(
      MatrixProduct product, float[] left, int row, float[] right, float[] result, int column) {
    int columns = product.columns();
    int l0 = row * product.leftStride();
    int l1 = l0 + product.leftStride();
    int l2 = l1 + product.leftStride();
    int l3 = l2 + product.leftStride();
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    for (int k = 0; k < product.inner(); k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, right, k * columns + column);
      a0 = v.fma(FloatVector.broadcast(SPECIES, left[l0 + k]), a0);
      a1 = v.fma(FloatVector.broadcast(SPECIES, left[l1 + k]), a1);
      a2 = v.fma(FloatVector.broadcast(SPECIES, left[l2 + k]), a2);
      a3 = v.fma(FloatVector.broadcast(SPECIES, left[l3 + k]), a3);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    int to = row * columns + column;
    neutral.add(a0).intoArray(result, to);
    neutral.add(a1).intoArray(result, to + columns);
    neutral.add(a2).intoArray(result, to + 2 * columns);
    neutral.add(a3).intoArray(result, to + 3 * columns);
  }
}
