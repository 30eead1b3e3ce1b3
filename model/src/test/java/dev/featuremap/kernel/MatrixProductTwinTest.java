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
    "4, 1, 16, 1, false",
    "4, 0, 16, 0, false",
    "8, 7, 48, 9, false",
    "20, 33, 32, 33, false",
    "16, 25, 16, 32, true",
    "48, 40, 48, 40, true",
    "32, 5, 64, 8, true"
  })
  void productsAgree(int rows, int inner, int columns, int stride, boolean symmetric) {
    MatrixProduct product = new MatrixProduct(rows, inner, columns, stride, symmetric);
    for (boolean wild : new boolean[] {false, true}) {
      Random random = new Random(rows);
      twinsAgree(
          (kernels, arrays) ->
              kernels.multiply(
                  product, arrays.get(0).values(), arrays.get(1).values(), arrays.get(2).values()),
          Guarded.random(wild, random, 0, rows * stride),
          Guarded.random(wild, random, 0, inner * columns),
          Guarded.random(wild, random, 0, rows * columns));
    }
  }

  @Test
  void multiplies() {
    MatrixProduct product = new MatrixProduct(4, 2, 16, 3, false);
    float[] left = {1, 2, 9, 3, 4, 9, 5, 6, 9, 7, 8, 9};
    float[] right = new float[32];
    right[0] = 10;
    right[15] = 1;
    right[16] = 100;
    right[31] = 2;
    float[] result = new float[64];

    VECTOR.multiply(product, left, right, result);

    assertThat(new float[] {result[0], result[16], result[32], result[48]})
        .containsExactly(210, 430, 650, 870);
    assertThat(new float[] {result[15], result[31], result[47], result[63]})
        .containsExactly(5, 11, 17, 23);
  }

  @ParameterizedTest
  @CsvSource({"5, 16, 3", "4, 17, 3", "4, 16, 2"})
  void refusesOtherSizes(int rows, int columns, int stride) {
    assertThatThrownBy(() -> new MatrixProduct(rows, 3, columns, stride, false))
        .hasMessage(
            "Cannot multiply matrices: expected rows in fours, columns in sixteens and a stride of"
                + " at least 3, got %s, %s and %s.",
            rows, columns, stride);
  }

  @Test
  void refusesASymmetricResultThatIsTall() {
    assertThatThrownBy(() -> new MatrixProduct(20, 3, 16, 3, true))
        .hasMessage(
            "Cannot multiply matrices: of a symmetric result all rows must be columns, got 20 rows"
                + " and 16 columns.");
  }
}
