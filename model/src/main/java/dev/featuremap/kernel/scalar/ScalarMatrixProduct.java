package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MatrixProduct;

/** The reference implementation of {@link Kernels#multiply}. */
final class ScalarMatrixProduct {
  private ScalarMatrixProduct() {}

  static void apply(MatrixProduct product, float[] left, float[] right, float[] result) {
    int columns = product.columns();
    for (int row = 0; row < product.rows(); row++) {
      for (int column = product.isSymmetric() ? row : 0; column < columns; column++) {
        float sum = 0;
        for (int k = 0; k < product.inner(); k++) {
          sum = Fma.of(left[row * product.leftStride() + k], right[k * columns + column], sum);
        }
        result[row * columns + column] = sum;
      }
    }
    if (product.isSymmetric()) {
      product.mirror(result);
    }
  }
}
