package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;
import dev.featuremap.tensor.Lanes;

/**
 * {@link Kernels#multiply} with the Vector API. Panels of {@value MatrixProduct#PANEL} columns of
 * the right matrix are copied side by side, since its rows lie far apart; {@link ProductTile}
 * multiplies them. Of a symmetric result tiles left of the diagonal are left out.
 */
final class VectorMatrixProduct {
  private static final int PANEL = MatrixProduct.PANEL;
  private static final int LANES = Lanes.COUNT;

  private VectorMatrixProduct() {}

  static void apply(
      MatrixProduct product, float[] left, float[] right, float[] panel, float[] result) {
    int rows = product.rows();
    for (int column = 0; column < product.columns(); column += PANEL) {
      int width = Math.min(PANEL, product.columns() - column);
      if (product.form() == MatrixProduct.Form.GRAM) {
        turn(product, left, column, width, panel);
      } else {
        copy(product, right, column, width, panel);
      }
      int first = product.isSymmetric() ? column + LANES : rows;
      int second = product.isSymmetric() ? column + width : rows;
      if (width == PANEL) {
        ProductTile.both(product, left, 0, first, panel, result, column);
        ProductTile.half(product, left, first, second, panel, LANES, result, column + LANES);
      } else {
        ProductTile.half(product, left, 0, second, panel, 0, result, column);
      }
    }
    if (product.isSymmetric()) {
      mirror(result, rows);
    }
  }

  private static void copy(
      MatrixProduct product, float[] right, int column, int width, float[] panel) {
    for (int k = 0; k < product.inner(); k++) {
      System.arraycopy(right, k * product.columns() + column, panel, k * PANEL, width);
    }
  }

  private static void turn(MatrixProduct product, float[] left, int row, int width, float[] panel) {
    int stride = product.leftStride();
    for (int part = 0; part < width; part += LANES) {
      for (int k = 0; k < product.inner(); k += LANES) {
        Transpose.tile(left, (row + part) * stride + k, stride, panel, k * PANEL + part, PANEL);
      }
    }
  }

  private static void mirror(float[] result, int side) {
    for (int from = 0; from < side; from += LANES) {
      for (int row = from; row < from + LANES; row++) {
        for (int column = row + 1; column < from + LANES; column++) {
          result[column * side + row] = result[row * side + column];
        }
      }
      for (int column = from + LANES; column < side; column += LANES) {
        Transpose.tile(result, from * side + column, side, result, column * side + from, side);
      }
    }
  }
}
