package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.List;
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

  /** One to nine blocks, so that every size meets other tiles. */
  private static int blocks(int inputs, int outputs) {
    return (inputs + 3 * outputs) % 9 + 1;
  }

  /** Every third size has no biases. */
  private static int biasesAt(int inputs, int outputs) {
    return (inputs + outputs) % 3 == 0 ? -1 : OFFSET + inputs * outputs;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void layersAgree(int inputs, int outputs, boolean wild) {
    int blocks = blocks(inputs, outputs);
    Random random = new Random(inputs * 31 + outputs);
    Guarded parameters = Guarded.random(wild, random, OFFSET, inputs * outputs + outputs);
    twinsAgree(
        (kernels, arrays) ->
            kernels
                .fullyConnected(inputs, outputs)
                .forward(
                    blocks,
                    values(arrays, 1, blocks),
                    arrays.get(0).values(),
                    OFFSET,
                    biasesAt(inputs, outputs),
                    values(arrays, 1 + blocks, blocks)),
        arrays(parameters, blocks, wild, random, inputs, outputs));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void inputGradientsAgree(int inputs, int outputs, boolean wild) {
    int blocks = blocks(inputs, outputs);
    Random random = new Random(inputs * 31 + outputs);
    Guarded parameters = Guarded.random(wild, random, OFFSET, inputs * outputs);
    twinsAgree(
        (kernels, arrays) ->
            kernels
                .fullyConnected(inputs, outputs)
                .inputGradient(
                    blocks,
                    values(arrays, 1, blocks),
                    arrays.get(0).values(),
                    OFFSET,
                    values(arrays, 1 + blocks, blocks)),
        arrays(parameters, blocks, wild, random, outputs, inputs));
  }

  /** The parameters, then the arrays that are read and those that are written, one a block. */
  private static Guarded[] arrays(
      Guarded parameters, int blocks, boolean wild, Random random, int read, int written) {
    Guarded[] arrays = new Guarded[1 + 2 * blocks];
    arrays[0] = parameters;
    for (int block = 0; block < blocks; block++) {
      arrays[1 + block] = Guarded.random(wild, random, 0, read * Lanes.COUNT);
      arrays[1 + blocks + block] = Guarded.tame(random, 0, written * Lanes.COUNT);
    }
    return arrays;
  }

  private static float[][] values(List<Guarded> arrays, int from, int count) {
    return arrays.subList(from, from + count).stream().map(Guarded::values).toArray(float[][]::new);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void gradientsAgree(int inputs, int outputs, boolean wild) {
    int blocks = blocks(inputs, outputs);
    Random random = new Random(inputs * 31 + outputs);
    Guarded gradient = Guarded.tame(random, OFFSET, inputs * outputs + outputs);
    twinsAgree(
        (kernels, arrays) -> {
          FullyConnectedGradient sums = kernels.fullyConnectedGradient(inputs, outputs, blocks + 1);
          for (int block = 0; block < blocks; block++) {
            sums.keep(
                block, arrays.get(1 + block).values(), arrays.get(1 + blocks + block).values());
          }
          int parts = outputs % 3 + 1;
          for (int part = 0; part < parts; part++) {
            sums.writeInto(
                blocks, arrays.get(0).values(), OFFSET, biasesAt(inputs, outputs), part, parts);
          }
        },
        arrays(gradient, blocks, wild, random, inputs, outputs));
  }
}
