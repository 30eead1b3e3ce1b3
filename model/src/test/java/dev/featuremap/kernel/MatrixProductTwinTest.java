package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixProductTwinTest extends KernelTwinContract {

  @ParameterizedTest
  @CsvSource({
    "8, 1, 16, 1, ANY",
    "8, 0, 16, 0, ANY",
    "8, 7, 48, 9, ANY",
    "24, 33, 32, 33, ANY",
    "16, 25, 16, 32, GRAM",
    "48, 40, 48, 48, GRAM",
    "64, 31, 64, 32, GRAM",
    "16, 11, 16, 16, SYMMETRIC",
    "48, 40, 48, 48, SYMMETRIC",
    "64, 64, 64, 64, SYMMETRIC"
  })
  void productsAgree(int rows, int inner, int columns, int stride, MatrixProduct.Form form) {
    MatrixProduct product = new MatrixProduct(form, rows, inner, columns, stride);
    for (boolean wild : new boolean[] {false, true}) {
      Random random = new Random(rows);
      twinsAgree(
          (kernels, arrays) -> {
            float[] result = arrays.get(2).values();
            float[] scratch = new float[product.scratch()];
            kernels.multiply(
                product, arrays.get(0).values(), arrays.get(1).values(), scratch, result);
          },
          Guarded.random(wild, random, 0, rows * stride),
          Guarded.random(wild, random, 0, inner * columns),
          Guarded.random(wild, random, 0, rows * columns));
    }
  }

  @Test
  void multiplies() {
    MatrixProduct product = MatrixProduct.of(8, 2, 16, 3);
    float[] left = new float[24];
    System.arraycopy(new float[] {1, 2, 9, 3, 4, 9, 5, 6, 9, 7, 8, 9}, 0, left, 0, 12);
    float[] right = new float[32];
    right[0] = 10;
    right[15] = 1;
    right[16] = 100;
    right[31] = 2;
    float[] result = new float[128];

    VECTOR.multiply(product, left, right, new float[product.scratch()], result);

    assertThat(new float[] {result[0], result[16], result[32], result[48]})
        .containsExactly(210, 430, 650, 870);
    assertThat(new float[] {result[15], result[31], result[47], result[63]})
        .containsExactly(5, 11, 17, 23);
  }

  @Test
  void multipliesAMatrixWithItselfTransposed() {
    MatrixProduct product = MatrixProduct.gram(16, 2, 16);
    float[] matrix = new float[256];
    matrix[0] = 1;
    matrix[1] = 2;
    matrix[16] = 3;
    matrix[17] = 4;
    float[] result = new float[256];

    VECTOR.multiply(product, matrix, matrix, new float[product.scratch()], result);

    assertThat(new float[] {result[0], result[1], result[16], result[17], result[255]})
        .containsExactly(5, 11, 11, 25, 0);
  }

  @ParameterizedTest
  @CsvSource({"5, 16, 3", "8, 17, 3", "8, 16, 2"})
  void refusesOtherSizes(int rows, int columns, int stride) {
    assertThatThrownBy(() -> MatrixProduct.of(rows, 3, columns, stride))
        .hasMessage(
            "Cannot multiply matrices: expected rows in eights, columns in sixteens and a stride of"
                + " at least 3, got %s, %s and %s.",
            rows, columns, stride);
  }

  @Test
  void refusesASymmetricResultThatIsNoSquare() {
    assertThatThrownBy(() -> new MatrixProduct(MatrixProduct.Form.SYMMETRIC, 24, 3, 16, 3))
        .hasMessage(
            "Cannot multiply matrices: a symmetric result has as many rows as columns, got 24 and"
                + " 16.");
  }

  @Test
  void refusesAStrideThatNoTileEndsAt() {
    assertThatThrownBy(() -> MatrixProduct.gram(16, 20, 20))
        .hasMessage("Cannot multiply a matrix by itself: expected a stride in sixteens, got 20.");
  }
}
