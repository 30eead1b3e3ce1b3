package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;

/**
 * The sizes of a product of matrices, {@code result[r][c] = Σ left[r][k] · right[k][c]}, each in
 * one row-major array. Rows of the right matrix and of the result are as long as {@code columns}.
 *
 * <p>Each element of the result is one chain of multiply-adds, from 0, over k in ascending order.
 *
 * @param rows of the left matrix and the result, a multiple of {@value #ROWS}
 * @param inner columns of the left matrix and rows of the right one
 * @param columns of the right matrix and the result, a multiple of 16
 * @param leftStride values from one row of the left matrix to the next, at least {@code inner}
 * @param isSymmetric true where the result is known to be symmetric; what is left of the diagonal
 *     is then copied from the right, which has the same bits
 */
public record MatrixProduct(int rows, int inner, int columns, int leftStride, boolean isSymmetric) {
  /** Rows that a kernel computes together. */
  public static final int ROWS = 4;

  /** Rejects sizes that no kernel takes. */
  public MatrixProduct {
    if (rows % ROWS != 0 || columns % Lanes.COUNT != 0 || leftStride < inner) {
      throw new IllegalArgumentException(
          "Cannot multiply matrices: expected rows in fours, columns in sixteens and a stride of at least %s, got %s, %s and %s."
              .formatted(inner, rows, columns, leftStride));
    }
    if (isSymmetric && rows > columns) {
      throw new IllegalArgumentException(
          "Cannot multiply matrices: of a symmetric result all rows must be columns, got %s rows and %s columns."
              .formatted(rows, columns));
    }
  }

  /** Copies what is right of the diagonal to its left. */
  public void mirror(float[] result) {
    for (int row = 1; row < rows; row++) {
      for (int column = 0; column < row; column++) {
        result[row * columns + column] = result[column * columns + row];
      }
    }
  }
}
