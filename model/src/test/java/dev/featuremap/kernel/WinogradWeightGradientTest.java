package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Lanes;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WinogradWeightGradientTest {
  private static final int OFFSET = 3;
  private static final int GEOMETRIES = 100;

  /** Up to 80 feature maps, so that a register tile is filled and exceeded. */
  static Stream<WinogradGeometry> geometries() {
    Random random = new Random(2);
    return IntStream.range(0, GEOMETRIES)
        .mapToObj(
            k ->
                new WinogradGeometry(
                    1 + random.nextInt(8),
                    3 + random.nextInt(11),
                    3 + random.nextInt(11),
                    1 + random.nextInt(k % 5 == 0 ? 80 : 18),
                    random.nextInt(3),
                    random.nextInt(3),
                    k % 2 == 0 ? 2 : 4));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void twinsAgree(WinogradGeometry g) {
    agree(g, false, 1);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void twinsAgreeWithInfinitiesAndNaN(WinogradGeometry g) {
    agree(g, true, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void compiledCodeAgrees(int tile) {
    agree(new WinogradGeometry(7, 9, 11, 33, 1, 1, tile), false, 200);
  }

  private static void agree(WinogradGeometry g, boolean wild, int rounds) {
    Random random = new Random(g.hashCode());
    int blocks = 1 + random.nextInt(3);
    float[][] input = blocks(blocks, g.inputBlockSize(), wild, random);
    float[][] outputGradient = blocks(blocks, g.outputBlockSize(), wild, random);
    int size = 9 * g.channels() * g.featureMaps();
    Guarded expected = Guarded.tame(random, OFFSET, size);
    Guarded gradient = expected.copy();

    WinogradWeightGradient scalar =
        KernelTwinContract.SCALAR.winogradWeightGradient(g, UsedScratch.create());
    WinogradWeightGradient vector =
        KernelTwinContract.VECTOR.winogradWeightGradient(g, UsedScratch.create());
    for (int round = 0; round < rounds; round++) {
      scalar.add(blocks, input, outputGradient, expected.values(), OFFSET);
      vector.add(blocks, input, outputGradient, gradient.values(), OFFSET);
    }

    gradient.hasIntactCanaries();
    gradient.hasTheBitsOf(expected);
  }

  private static float[][] blocks(int count, int size, boolean wild, Random random) {
    return Stream.generate(() -> Guarded.random(wild, random, 0, size).values())
        .limit(count)
        .toArray(float[][]::new);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void gradientIsTheSumOverPixelsAndImages(WinogradGeometry g) {
    Random random = new Random(1);
    float[][] input = blocks(2, g.inputBlockSize(), false, random);
    float[][] outputGradient = blocks(2, g.outputBlockSize(), false, random);
    Guarded before = Guarded.tame(random, 0, 9 * g.channels() * g.featureMaps());
    Guarded gradient = before.copy();

    KernelTwinContract.VECTOR
        .winogradWeightGradient(g, UsedScratch.create())
        .add(2, input, outputGradient, gradient.values(), 0);

    int pixels = g.outputHeight() * g.outputWidth();
    for (int w : List.of(0, before.size() / 2, before.size() - 1)) {
      double expected = before.values()[w];
      for (int block = 0; block < 2; block++) {
        expected += correlate(g, input[block], outputGradient[block], w);
      }
      assertThat(Math.abs(gradient.values()[w] - expected))
          .as("weight %s", w)
          .isLessThan(1e-5 * Math.sqrt(pixels * Lanes.COUNT));
    }
  }

  private static double correlate(WinogradGeometry g, float[] input, float[] gradient, int w) {
    int f = w / (9 * g.channels());
    int c = w / 9 % g.channels();
    double sum = 0;
    for (int y = 0; y < g.outputHeight(); y++) {
      for (int x = 0; x < g.outputWidth(); x++) {
        int row = y + w % 9 / 3 - g.rowPadding();
        int column = x + w % 3 - g.columnPadding();
        if (row >= 0 && row < g.height() && column >= 0 && column < g.width()) {
          int in = ((c * g.height() + row) * g.width() + column) * Lanes.COUNT;
          int go = ((f * g.outputHeight() + y) * g.outputWidth() + x) * Lanes.COUNT;
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            sum += (double) gradient[go + lane] * input[in + lane];
          }
        }
      }
    }
    return sum;
  }
}
