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
 *   5 times:  A = X · Xᵀ
 *             X = (3.4445 · I - 4.7750 · A + 2.0315 · A²) · X
 * </pre>
 *
 * <p>The coefficients let small singular values grow fastest; in return the others end between 0.7
 * and 1.2. A and A² are symmetric, so half of each is computed. All sums are chains in a fixed
 * order, so the bits do not depend on the kernels. Holds scratch for matrices up to a size and
 * allocates nothing per call.
 */
final class Orthogonalization {
  private static final int ITERATIONS = 5;
  private static final float CONSTANT = 3.4445f;
  private static final float LINEAR = -4.7750f;
  private static final float QUADRATIC = 2.0315f;
  private static final double SMALLEST = 1e-7;

  private final Kernels kernels;
  private final boolean isTall;
  private final int rows;
  private final int columns;
  private final int inner;
  private final int stride;
  private final MatrixProduct gram;
  private final MatrixProduct square;
  private final MatrixProduct next;
  private final Work work;

  /** Scratch that several matrices share. */
  static final class Work {
    private final float[] wide;
    private final float[] other;
    private final float[] turned;
    private final float[] products;
    private final float[] squares;

    /** Scratch for each of the matrices. */
    Work(Iterable<Matrix> matrices) {
      int wideSize = 0;
      int squareSize = 0;
      for (Matrix matrix : matrices) {
        int shorter = padded(Math.min(matrix.rows(), matrix.columns()));
        wideSize = Math.max(wideSize, shorter * padded(Math.max(matrix.rows(), matrix.columns())));
        squareSize = Math.max(squareSize, shorter * shorter);
      }
      wide = new float[wideSize];
      other = new float[wideSize];
      turned = new float[wideSize];
      products = new float[squareSize];
      squares = new float[squareSize];
    }
  }

  Orthogonalization(Matrix matrix, Work work, Kernels kernels) {
    this.kernels = kernels;
    this.work = work;
    isTall = matrix.rows() > matrix.columns();
    rows = matrix.rows();
    columns = matrix.columns();
    inner = Math.min(rows, columns);
    stride = padded(Math.max(rows, columns));
    int side = padded(inner);
    gram = new MatrixProduct(side, Math.max(rows, columns), side, stride, true);
    square = new MatrixProduct(side, inner, side, side, true);
    next = new MatrixProduct(side, inner, stride, side, false);
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
    float[] x = work.wide;
    float[] free = work.other;
    load(values, x);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      transpose(x, work.turned);
      kernels.multiply(gram, x, work.turned, work.products);
      kernels.multiply(square, work.products, work.products, work.squares);
      polynomial();
      kernels.multiply(next, work.squares, x, free);
      float[] last = x;
      x = free;
      free = last;
    }
    store(x, values);
  }

  /** Lays the matrix wide, scaled, with zeros around it. */
  private void load(float[] values, float[] x) {
    double squares = 0;
    for (int i = 0; i < rows * columns; i++) {
      squares += (double) values[i] * values[i];
    }
    float scale = (float) (1 / (Math.sqrt(squares) + SMALLEST));
    Arrays.fill(x, 0, padded(inner) * stride, 0f);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        x[isTall ? column * stride + row : row * stride + column] =
            values[row * columns + column] * scale;
      }
    }
  }

  private void store(float[] x, float[] values) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[row * columns + column] = x[isTall ? column * stride + row : row * stride + column];
      }
    }
  }

  private void transpose(float[] x, float[] turned) {
    int side = padded(inner);
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < stride; column++) {
        turned[column * side + row] = x[row * stride + column];
      }
    }
  }

  /** {@code squares = CONSTANT · I + LINEAR · products + QUADRATIC · squares}. */
  private void polynomial() {
    int side = padded(inner);
    float[] a = work.products;
    float[] b = work.squares;
    for (int i = 0; i < side * side; i++) {
      b[i] = Fma.of(QUADRATIC, b[i], LINEAR * a[i]);
    }
    for (int i = 0; i < inner; i++) {
      b[i * side + i] += CONSTANT;
    }
  }
}
