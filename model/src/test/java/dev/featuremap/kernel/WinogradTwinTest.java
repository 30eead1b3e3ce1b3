package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector twin gives the bits of the scalar one, on every width of vectors. */
class WinogradTwinTest {
  private static final int OFFSET = 3;
  private static final int GEOMETRIES = 150;

  static Stream<WinogradGeometry> geometries() {
    Random random = new Random(1);
    return IntStream.range(0, GEOMETRIES).mapToObj(k -> geometry(random, k % 2 == 0 ? 2 : 4));
  }

  private static WinogradGeometry geometry(Random random, int tile) {
    return new WinogradGeometry(
        1 + random.nextInt(7),
        3 + random.nextInt(11),
        3 + random.nextInt(11),
        1 + random.nextInt(7),
        random.nextInt(3),
        random.nextInt(3),
        tile);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void outputsAgree(WinogradGeometry g) {
    agree(g, new Random(g.hashCode()), false, 1);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void outputsAgreeWithInfinitiesAndNaN(WinogradGeometry g) {
    agree(g, new Random(g.hashCode()), true, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void compiledCodeAgrees(int tile) {
    agree(new WinogradGeometry(3, 9, 11, 7, 1, 1, tile), new Random(1), false, 2000);
  }

  private static void agree(WinogradGeometry g, Random random, boolean wild, int rounds) {
    int blocks = 1 + random.nextInt(3);
    int weights = 9 * g.channels() * g.featureMaps();
    boolean biased = random.nextBoolean();
    Guarded parameters = Guarded.tame(random, OFFSET, weights + g.featureMaps());
    List<Guarded> input = blocks(blocks, g.inputBlockSize(), wild, random);
    List<Guarded> expected = blocks(blocks, g.outputBlockSize(), false, random);
    List<Guarded> output = expected.stream().map(Guarded::copy).toList();
    Guarded transformed = Guarded.tame(random, 0, g.transformedSize());
    int biasesAt = biased ? OFFSET + weights : -1;

    Winograd scalar = KernelTwinContract.SCALAR.winograd(g, UsedScratch.create());
    scalar.transformWeights(parameters.values(), OFFSET, false, transformed.values(), 0, 1);
    scalar.apply(
        blocks,
        arrays(input),
        transformed.values(),
        parameters.values(),
        biasesAt,
        arrays(expected));
    Winograd vector = KernelTwinContract.VECTOR.winograd(g, UsedScratch.create());
    for (int round = 0; round < rounds; round++) {
      vector.apply(
          blocks,
          arrays(input),
          transformed.values(),
          parameters.values(),
          biasesAt,
          arrays(output));
    }

    transformed.hasIntactCanaries();
    for (int block = 0; block < blocks; block++) {
      output.get(block).hasIntactCanaries();
      output.get(block).hasTheBitsOf(expected.get(block));
    }
  }

  private static List<Guarded> blocks(int count, int size, boolean wild, Random random) {
    return Stream.generate(() -> Guarded.random(wild, random, 0, size)).limit(count).toList();
  }

  private static float[][] arrays(List<Guarded> blocks) {
    return blocks.stream().map(Guarded::values).toArray(float[][]::new);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void weightsTransformedInPartsAreThoseTransformedAtOnce(WinogradGeometry g) {
    Random random = new Random(1);
    Guarded parameters = Guarded.tame(random, OFFSET, 9 * g.channels() * g.featureMaps());
    Guarded whole = Guarded.tame(random, 0, g.transformedSize());
    Guarded shared = Guarded.tame(random, 0, g.transformedSize());

    KernelTwinContract.SCALAR
        .winograd(g, UsedScratch.create())
        .transformWeights(parameters.values(), OFFSET, true, whole.values(), 0, 1);
    for (int part = 0; part < 3; part++) {
      KernelTwinContract.VECTOR
          .winograd(g, UsedScratch.create())
          .transformWeights(parameters.values(), OFFSET, true, shared.values(), part, 3);
    }

    shared.hasTheBitsOf(whole);
    shared.hasIntactCanaries();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void outputOfABlockDoesNotDependOnItsNeighbours(int tile) {
    WinogradGeometry g = new WinogradGeometry(3, 7, 7, 5, 1, 1, tile);
    Random random = new Random(1);
    Guarded parameters = Guarded.tame(random, 0, 9 * 3 * 5);
    List<Guarded> input = blocks(3, g.inputBlockSize(), false, random);
    List<Guarded> together = blocks(3, g.outputBlockSize(), false, random);
    List<Guarded> alone = blocks(1, g.outputBlockSize(), false, random);
    float[] transformed = new float[g.transformedSize()];
    Winograd winograd = KernelTwinContract.VECTOR.winograd(g, UsedScratch.create());
    winograd.transformWeights(parameters.values(), 0, false, transformed, 0, 1);

    winograd.apply(3, arrays(input), transformed, parameters.values(), -1, arrays(together));
    winograd.apply(
        1, arrays(input.subList(2, 3)), transformed, parameters.values(), -1, arrays(alone));

    assertThat(alone.get(0).values()).containsExactly(together.get(2).values());
  }
}
