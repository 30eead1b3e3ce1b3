package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNormalizationTwinTest extends KernelTwinContract {

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 16", "3, 5", "4, 0", "7, 48", "8, 1", "49, 32", "1024, 0"})
  void sumsAgree(int pixels, int from) {
    Random random = new Random(pixels);
    twinsAgree(
        (kernels, arrays) -> {
          ImageNormalization norm = kernels.imageNormalization();
          float[] values = arrays.get(0).values();
          float[] centers = arrays.get(2).values();
          norm.sum(values, from, pixels, arrays.get(3).values());
          norm.deviations(
              values, from, pixels, centers, arrays.get(4).values(), arrays.get(5).values());
          norm.gradientSums(
              values,
              arrays.get(1).values(),
              from,
              pixels,
              centers,
              arrays.get(6).values(),
              arrays.get(7).values());
        },
        Guarded.tame(random, from, pixels * Lanes.COUNT),
        Guarded.tame(random, from, pixels * Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 5", "4, 16", "49, 32"})
  void passesAgree(int pixels, int from) {
    Random random = new Random(pixels);
    twinsAgree(
        (kernels, arrays) -> {
          ImageNormalization norm = kernels.imageNormalization();
          float[] values = arrays.get(0).values();
          float[] a = arrays.get(2).values();
          float[] b = arrays.get(3).values();
          float[] c = arrays.get(4).values();
          norm.normalize(values, from, pixels, a, b, c, arrays.get(5).values());
          norm.inputGradient(
              values, arrays.get(1).values(), from, pixels, a, b, c, a, arrays.get(6).values());
        },
        Guarded.tame(random, from, pixels * Lanes.COUNT),
        Guarded.tame(random, from, pixels * Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, 0, Lanes.COUNT),
        Guarded.tame(random, from, pixels * Lanes.COUNT),
        Guarded.tame(random, from, pixels * Lanes.COUNT));
  }
}
