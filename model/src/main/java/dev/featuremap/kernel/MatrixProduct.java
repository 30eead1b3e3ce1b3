package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;

/**
 * The sizes of a product of matrices, {@code result[r][c] = Σ left[r][k] · right[k][c]}, each in
 * one row-major array. Rows of the right matrix and of the result are as long as {@code columns}.
 *
 * <p>Each element of the result is one chain of multiply-adds, from 0, over k in ascending order.
 *
 * @param form what is known of the result
 * @param rows of the left matrix and the result, a multiple of {@value #ROWS}
 * @param inner columns of the left matrix and rows of the right one
 * @param columns of the right matrix and the result, a multiple of 16
 * @param leftStride values from one row of the left matrix to the next, at least {@code inner}
 */
public record MatrixProduct(Form form, int rows, int inner, int columns, int leftStride) {
  /** Rows that a kernel computes together. */
  public static final int ROWS = 8;

  /** Columns of the right matrix that a kernel copies side by side. */
  public static final int PANEL = 32;

  /** What is known of a result. */
  public enum Form {
    /** Nothing. */
    ANY,
    /**
     * It is symmetric but for rounding: what is left of the diagonal is copied from the right of
     * it.
     */
    SYMMETRIC,
    /** Likewise, and the right matrix is the left one transposed; the kernel is given none. */
    GRAM
  }

  /** Rejects sizes that no kernel takes. */
  public MatrixProduct {
    if (rows % ROWS != 0 || columns % Lanes.COUNT != 0 || leftStride < inner) {
      throw new IllegalArgumentException(
          "Cannot multiply matrices: expected rows in eights, columns in sixteens and a stride of at least %s, got %s, %s and %s."
              .formatted(inner, rows, columns, leftStride));
    }
    if (form != Form.ANY && rows != columns) {
      throw new IllegalArgumentException(
          "Cannot multiply matrices: a symmetric result has as many rows as columns, got %s and %s."
              .formatted(rows, columns));
    }
    if (form == Form.GRAM && leftStride % Lanes.COUNT != 0) {
      throw new IllegalArgumentException(
          "Cannot multiply a matrix by itself: expected a stride in sixteens, got %s."
              .formatted(leftStride));
    }
  }

  /** The product of two matrices. */
  public static MatrixProduct of(int rows, int inner, int columns, int leftStride) {
    return new MatrixProduct(Form.ANY, rows, inner, columns, leftStride);
  }

  /** The product of two square matrices that is symmetric; rows beyond {@code inner} are unused. */
  public static MatrixProduct symmetric(int side, int inner) {
    return new MatrixProduct(Form.SYMMETRIC, side, inner, side, side);
  }

  /** The product of a matrix with itself transposed. */
  public static MatrixProduct gram(int rows, int inner, int stride) {
    return new MatrixProduct(Form.GRAM, rows, inner, rows, stride);
  }

  /** True where the left half of the result is a copy of the right. */
  public boolean isSymmetric() {
    return form != Form.ANY;
  }

  /** Floats of scratch that a kernel needs. */
  public int scratch() {
    return PANEL * (inner + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
  }
}
