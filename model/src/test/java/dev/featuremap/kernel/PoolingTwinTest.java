package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolingTwinTest extends KernelTwinContract {
  private static final float[] FLOORS = {Float.NEGATIVE_INFINITY, 0f};

  /** Windows 1 to 4 at strides 1 to 4: apart, touching and overlapping, with leftover rows. */
  static Stream<PoolingGeometry> geometries() {
    return IntStream.range(0, 4 * 4 * 3)
        .mapToObj(
            k -> {
              int window = k % 4 + 1;
              int stride = k / 4 % 4 + 1;
              int leftover = k / 16;
              return new PoolingGeometry(
                  k % 5 + 1,
                  window + stride + leftover,
                  window + 2 * stride + leftover,
                  window,
                  stride);
            });
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void maximaAgree(PoolingGeometry g) {
    for (float floor : FLOORS) {
      for (boolean wild : new boolean[] {false, true}) {
        Random random = new Random(g.hashCode());
        twinsAgree(
            (kernels, arrays) ->
                kernels
                    .maxPooling(g, floor)
                    .maxima(arrays.get(0).values(), arrays.get(1).values(), null),
            Guarded.random(wild, random, 0, inputSize(g)),
            Guarded.tame(random, 0, outputSize(g)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void winnersAgree(PoolingGeometry g) {
    for (float floor : FLOORS) {
      for (boolean wild : new boolean[] {false, true}) {
        Random random = new Random(g.hashCode());
        winnersAgree(g, floor, random, Guarded.random(wild, random, 0, inputSize(g)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void winnersOfTiesAgree(PoolingGeometry g) {
    Random random = new Random(g.hashCode());
    Guarded input = Guarded.tame(random, 0, inputSize(g));
    for (int k = 0; k < input.size(); k++) {
      input.values()[k] = random.nextInt(2) == 0 ? 0f : -0f;
    }
    for (float floor : FLOORS) {
      winnersAgree(g, floor, random, input);
    }
  }

  private static void winnersAgree(PoolingGeometry g, float floor, Random random, Guarded input) {
    twinsAgree(
        (kernels, arrays) ->
            kernels
                .maxPooling(g, floor)
                .maxima(arrays.get(0).values(), arrays.get(1).values(), arrays.get(2).values()),
        input,
        Guarded.tame(random, 0, outputSize(g)),
        Guarded.tame(random, 0, outputSize(g)));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void gradientsAgree(PoolingGeometry g) {
    for (boolean wild : new boolean[] {false, true}) {
      Random random = new Random(g.hashCode());
      Guarded winners = Guarded.tame(random, 0, outputSize(g));
      for (int k = 0; k < winners.size(); k++) {
        winners.values()[k] = random.nextInt(g.window() * g.window() + 1) - 1;
      }
      twinsAgree(
          (kernels, arrays) ->
              kernels
                  .maxPooling(g, FLOORS[0])
                  .gradient(arrays.get(0).values(), arrays.get(1).values(), arrays.get(2).values()),
          winners,
          Guarded.random(wild, random, 0, outputSize(g)),
          Guarded.tame(random, 0, inputSize(g)));
    }
  }

  private static int inputSize(PoolingGeometry g) {
    return g.channels() * g.height() * g.width() * Lanes.COUNT;
  }

  private static int outputSize(PoolingGeometry g) {
    return g.channels() * g.outputHeight() * g.outputWidth() * Lanes.COUNT;
  }
}
