package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Lanes;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchNormalizationTwinTest extends KernelTwinContract {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "2, 3", "5, 4", "4, 7", "16, 49", "3, 1024"})
  void statisticsAndSumsAgree(int channels, int pixels) {
    for (int images : new int[] {1, 7, 16}) {
      double[][] scalar = new double[4][channels];
      double[][] vector = new double[4][channels];
      gather(SCALAR, channels, pixels, images, scalar);
      gather(VECTOR, channels, pixels, images, vector);
      assertThat(vector).isDeepEqualTo(scalar);
    }
  }

  private static void gather(
      Kernels kernels, int channels, int pixels, int images, double[][] sums) {
    BatchNormalization norm = kernels.batchNormalization(channels, pixels);
    Random random = new Random(pixels);
    float[] input = Guarded.tame(random, 0, channels * pixels * Lanes.COUNT).values();
    float[] gradient = Guarded.tame(random, 0, channels * pixels * Lanes.COUNT).values();
    float[] means = Guarded.tame(random, 0, channels).values();
    norm.statistics(input, images, sums[0], sums[1]);
    norm.gradientSums(input, gradient, factors(means, means), images, sums[2], sums[3]);
  }

  /** About half of all gradients pass. */
  private static NormalizationGradient factors(float[] a, float[] b) {
    NormalizationGradient factors = new NormalizationGradient(a.length).rectified(a, b);
    for (int c = 0; c < a.length; c++) {
      factors.setMean(c, a[c]);
      factors.set(c, b[c], a[c], b[c]);
    }
    return factors;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "2, 3", "5, 4", "4, 7", "16, 49"})
  void passesAgree(int channels, int pixels) {
    int size = channels * pixels * Lanes.COUNT;
    Random random = new Random(size);
    for (int images : new int[] {1, 7, 16}) {
      twinsAgree(
          (kernels, arrays) -> {
            BatchNormalization norm = kernels.batchNormalization(channels, pixels);
            float[] a = arrays.get(2).values();
            float[] b = arrays.get(3).values();
            float[] addend = arrays.get(1).values();
            norm.normalize(arrays.get(0).values(), a, b, null, 0f, arrays.get(4).values());
            norm.normalize(
                arrays.get(0).values(),
                a,
                b,
                addend,
                Float.NEGATIVE_INFINITY,
                arrays.get(5).values());
            norm.inputGradient(
                arrays.get(0).values(), addend, factors(a, b), images, arrays.get(6).values());
            norm.inputGradient(arrays.get(0).values(), addend, factors(a, b), images, addend);
          },
          Guarded.tame(random, 0, size),
          Guarded.tame(random, 0, size),
          Guarded.tame(random, 0, channels),
          Guarded.tame(random, 0, channels),
          Guarded.tame(random, 0, size),
          Guarded.tame(random, 0, size),
          Guarded.tame(random, 0, size));
    }
  }
}
