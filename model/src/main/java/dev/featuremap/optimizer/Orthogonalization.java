package dev.featuremap.optimizer;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;
import dev.featuremap.optimizer.StateLayout.Matrix;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * Brings all singular values of a matrix near 1 and leaves its singular vectors, by five
 * Newton-Schulz iterations with Jordan's coefficients (K. Jordan, "Muon: An optimizer for hidden
 * layers in neural networks", 2024):
 *
 * <pre>
 *   X = U / (‖U‖ + 1e-7)                              ‖·‖ of Frobenius; transposed if it is tall
 *   5 times:  R = X · Xᵀ
 *             Z = 3.4445 · I - 4.7750 · R + 2.0315 · R²
 *             X = Z · X
 * </pre>
 *
 * <p>The coefficients let small singular values grow fastest; in return the others end between 0.7
 * and 1.2.
 *
 * <p>Of the products those with X are the largest, so they are computed twice instead of five
 * times. Between them iterations take place on R alone: the next one is {@code Z · R · Z}, and X is
 * multiplied by {@code Q}, the product of all Z. R, Z and Q are polynomials of the first R, so all
 * products of them are symmetric and half of each is computed. Five iterations on the first R would
 * lose singular values below the square root of float's precision; anew from X after two, they are
 * as exact as the formula.
 *
 * <p>All sums are chains in a fixed order, so the bits do not depend on the kernels. Holds scratch
 * for matrices up to a size and allocates nothing per call.
 */
final class Orthogonalization {
  private static final int[] ITERATIONS = {2, 3};
  private static final float CONSTANT = 3.4445f;
  private static final float LINEAR = -4.7750f;
  private static final float QUADRATIC = 2.0315f;
  private static final double SMALLEST = 1e-7;

  private final Kernels kernels;
  private final boolean isTall;
  private final int rows;
  private final int columns;
  private final int inner;
  private final int side;
  private final int stride;
  private final MatrixProduct gram;
  private final MatrixProduct square;
  private final MatrixProduct next;
  private final Work work;

  /** Scratch that several matrices share. */
  static final class Work {
    private float[] x;
    private float[] spareX;
    private float[] gram;
    private float[] factor;
    private float[] between;
    private float[] all;
    private float[] spareAll;
    private final float[] panel;

    /** Scratch for each of the matrices. */
    Work(Iterable<Matrix> matrices) {
      int wideSize = 0;
      int squareSize = 0;
      int panelSize = 0;
      for (Matrix matrix : matrices) {
        int shorter = padded(Math.min(matrix.rows(), matrix.columns()));
        int longer = padded(Math.max(matrix.rows(), matrix.columns()));
        wideSize = Math.max(wideSize, shorter * longer);
        squareSize = Math.max(squareSize, shorter * shorter);
        panelSize = Math.max(panelSize, MatrixProduct.gram(shorter, longer, longer).scratch());
      }
      x = new float[wideSize];
      spareX = new float[wideSize];
      gram = new float[squareSize];
      factor = new float[squareSize];
      between = new float[squareSize];
      all = new float[squareSize];
      spareAll = new float[squareSize];
      panel = new float[panelSize];
    }

    private void swapX() {
      float[] last = x;
      x = spareX;
      spareX = last;
    }

    private void swapAll() {
      float[] last = all;
      all = spareAll;
      spareAll = last;
    }

    /** What was the factor is the product of all so far. */
    private void startAll() {
      float[] last = all;
      all = factor;
      factor = last;
    }
  }

  Orthogonalization(Matrix matrix, Work work, Kernels kernels) {
    this.kernels = kernels;
    this.work = work;
    isTall = matrix.rows() > matrix.columns();
    rows = matrix.rows();
    columns = matrix.columns();
    inner = Math.min(rows, columns);
    side = padded(inner);
    stride = padded(Math.max(rows, columns));
    gram = MatrixProduct.gram(side, Math.max(rows, columns), stride);
    square = MatrixProduct.symmetric(side, inner);
    next = MatrixProduct.of(side, inner, stride, side);
  }

  private static int padded(int length) {
    return (length + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
  }

  /**
   * Replaces a matrix.
   *
   * @param values the matrix from 0 on, row-major
   */
  void apply(float[] values) {
    load(values);
    for (int iterations : ITERATIONS) {
      kernels.multiply(gram, work.x, work.x, work.panel, work.gram);
      iterate(iterations);
      kernels.multiply(next, work.all, work.x, work.panel, work.spareX);
      work.swapX();
    }
    store(values);
  }

  /** Iterations on R; leaves the product of their factors. */
  private void iterate(int iterations) {
    for (int done = 1; done <= iterations; done++) {
      kernels.multiply(square, work.gram, work.gram, work.panel, work.factor);
      polynomial();
      boolean isLast = done == iterations;
      if (!isLast) {
        kernels.multiply(square, work.factor, work.gram, work.panel, work.between);
        kernels.multiply(square, work.factor, work.between, work.panel, work.gram);
      }
      if (done == 1) {
        work.startAll();
      } else {
        kernels.multiply(square, work.factor, work.all, work.panel, work.spareAll);
        work.swapAll();
      }
    }
  }

  /** Lays the matrix wide, scaled, with zeros around it. */
  private void load(float[] values) {
    float scale = (float) (1 / (GradientClipping.norm(values, rows * columns) + SMALLEST));
    float[] x = work.x;
    Arrays.fill(x, 0, side * stride, 0f);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        x[isTall ? column * stride + row : row * stride + column] =
            values[row * columns + column] * scale;
      }
    }
  }

  private void store(float[] values) {
    float[] x = work.x;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[row * columns + column] = x[isTall ? column * stride + row : row * stride + column];
      }
    }
  }

  /** {@code factor = CONSTANT · I + LINEAR · gram + QUADRATIC · factor}. */
  private void polynomial() {
    float[] a = work.gram;
    float[] b = work.factor;
    for (int i = 0; i < side * side; i++) {
      b[i] = Fma.of(QUADRATIC, b[i], LINEAR * a[i]);
    }
    for (int i = 0; i < inner; i++) {
      b[i * side + i] += CONSTANT;
    }
  }
}
