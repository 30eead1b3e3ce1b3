package dev.featuremap.kernel;

import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolingTwinTest extends KernelTwinContract {
  private static final float[] FLOORS = {Float.NEGATIVE_INFINITY, 0f};

  static Stream<PoolingGeometry> geometries() {
    return Stream.concat(squares(), twoSizes());
  }

  /** Windows 1 to 4 at strides 1 to 4: apart, touching and overlapping, with leftover rows. */
  private static Stream<PoolingGeometry> squares() {
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

  /** Windows, strides and dilations that differ by direction; two of two by two in one only. */
  private static Stream<PoolingGeometry> twoSizes() {
    return IntStream.range(0, 24)
        .mapToObj(
            k -> {
              Extent window = new Extent(k % 3 + 1, k / 3 % 2 + 2);
              Extent stride = new Extent(k % 2 + 1, k / 2 % 3 + 1);
              Extent dilation = new Extent(k / 6 % 2 + 1, k / 12 + 1);
              return new PoolingGeometry(k % 3 + 1, 7 + k % 4, 8 + k % 5, window, stride, dilation);
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
        winners.values()[k] = random.nextInt(g.window().size() + 1) - 1;
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
