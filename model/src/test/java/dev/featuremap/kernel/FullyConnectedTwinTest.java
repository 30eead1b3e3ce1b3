package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FullyConnectedTwinTest extends KernelTwinContract {
  private static final int[] INPUTS = {1, 2, 3, 7, 15, 16, 17, 31, 63, 64, 65, 100, 150};
  private static final int[] OUTPUTS = {1, 2, 3, 4, 5, 7, 8, 9, 10, 17, 30};
  private static final int OFFSET = 5;

  static Stream<Arguments> sizes() {
    return IntStream.of(INPUTS)
        .boxed()
        .flatMap(inputs -> IntStream.of(OUTPUTS).mapToObj(o -> Arguments.of(inputs, o)))
        .flatMap(
            a -> Stream.of(false, true).map(wild -> Arguments.of(a.get()[0], a.get()[1], wild)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void layersAgree(int inputs, int outputs, boolean wild) {
    Random random = new Random(inputs * 31 + outputs);
    twinsAgree(
        (kernels, arrays) ->
            kernels.fullyConnected(
                inputs,
                outputs,
                arrays.get(0).values(),
                arrays.get(1).values(),
                OFFSET,
                OFFSET + inputs * outputs,
                arrays.get(2).values()),
        Guarded.random(wild, random, 0, inputs * Lanes.COUNT),
        Guarded.random(wild, random, OFFSET, inputs * outputs + outputs),
        Guarded.tame(random, 0, outputs * Lanes.COUNT));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void inputGradientsAgree(int inputs, int outputs, boolean wild) {
    Random random = new Random(inputs * 31 + outputs);
    twinsAgree(
        (kernels, arrays) ->
            kernels.fullyConnectedInputGradient(
                inputs,
                outputs,
                arrays.get(0).values(),
                arrays.get(1).values(),
                OFFSET,
                arrays.get(2).values()),
        Guarded.random(wild, random, 0, outputs * Lanes.COUNT),
        Guarded.random(wild, random, OFFSET, inputs * outputs),
        Guarded.tame(random, 0, inputs * Lanes.COUNT));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void weightGradientsAgree(int inputs, int outputs, boolean wild) {
    Random random = new Random(inputs * 31 + outputs);
    twinsAgree(
        (kernels, arrays) ->
            kernels.fullyConnectedWeightGradient(
                inputs,
                outputs,
                arrays.get(0).values(),
                arrays.get(1).values(),
                arrays.get(2).values(),
                OFFSET,
                arrays.get(3).values()),
        Guarded.random(wild, random, 0, inputs * Lanes.COUNT),
        Guarded.random(wild, random, 0, outputs * Lanes.COUNT),
        Guarded.tame(random, OFFSET, inputs * outputs),
        Guarded.tame(random, 0, inputs * Lanes.COUNT));
  }
}
