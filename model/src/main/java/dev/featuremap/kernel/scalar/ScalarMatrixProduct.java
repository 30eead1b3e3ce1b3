package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;

/** The reference implementation of {@link Kernels#multiply}. */
final class ScalarMatrixProduct {
  private ScalarMatrixProduct() {}

  static void apply(MatrixProduct product, float[] left, float[] right, float[] result) {
    boolean isGram = product.form() == MatrixProduct.Form.GRAM;
    int columns = product.columns();
    int stride = product.leftStride();
    int down = isGram ? 1 : columns;
    int across = isGram ? stride : 1;
    float[] other = isGram ? left : right;
    for (int row = 0; row < product.rows(); row++) {
      for (int column = product.isSymmetric() ? row : 0; column < columns; column++) {
        float sum = 0;
        for (int k = 0; k < product.inner(); k++) {
          sum = Fma.of(left[row * stride + k], other[k * down + column * across], sum);
        }
        result[row * columns + column] = sum;
        if (product.isSymmetric()) {
          result[column * columns + row] = sum;
        }
      }
    }
  }
}
