package dev.featuremap.kernel;

import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionTwinTest extends KernelTwinContract {
  private static final int[] CHANNELS = {1, 2, 3, 7};
  private static final int[] MAPS = {1, 2, 3, 4, 5, 6, 7, 20};
  private static final int OFFSET = 3;

  /** Every field from 1×1 to 7×7 at strides 1 to 3, with sizes that change from case to case. */
  static Stream<ConvolutionGeometry> geometries() {
    return Stream.of(fields(), wideRows(), largePlanes(), borders(), gaps(), twoSizes(), manyTaps())
        .flatMap(geometries -> geometries);
  }

  /** Borders from one row to more than the field, at strides 1 and 2. */
  private static Stream<ConvolutionGeometry> borders() {
    return IntStream.range(0, 2 * 4 * 5)
        .mapToObj(
            k -> {
              int stride = k % 2 + 1;
              int border = k / 2 % 4 + 1;
              int field = k / 8 + 1;
              return new ConvolutionGeometry(
                  CHANNELS[k % CHANNELS.length],
                  2 * border + field + 3,
                  field + 8 * stride,
                  MAPS[k % MAPS.length],
                  field,
                  field,
                  Extent.square(stride),
                  Extent.ONE,
                  border,
                  border);
            });
  }

  /** Dilations 2 and 3 at strides 1 and 2, with and without a border. */
  private static Stream<ConvolutionGeometry> gaps() {
    return IntStream.range(0, 24)
        .mapToObj(
            k -> {
              int dilation = k % 2 + 2;
              int stride = k / 2 % 2 + 1;
              int field = k / 4 % 3 + 1;
              int border = k / 12 * dilation;
              int span = dilation * (field - 1) + 1;
              return new ConvolutionGeometry(
                  CHANNELS[k % CHANNELS.length],
                  2 * border + span + 3,
                  span + (k % 3) * 4 * stride,
                  MAPS[k % MAPS.length],
                  field,
                  field,
                  Extent.square(stride),
                  Extent.square(dilation),
                  border,
                  border);
            });
  }

  /** Strides and dilations that differ by direction, borders that differ by side. */
  private static Stream<ConvolutionGeometry> twoSizes() {
    return IntStream.range(0, 48)
        .mapToObj(
            k -> {
              Extent stride = new Extent(k % 2 + 1, k / 2 % 3 + 1);
              Extent dilation = new Extent(k / 3 % 2 + 1, k % 3 / 2 + 1);
              int field = k / 6 % 4 + 1;
              int top = k % 3;
              int bottom = k / 4 % 4;
              return new ConvolutionGeometry(
                  CHANNELS[k % CHANNELS.length],
                  top + bottom + dilation.rows() * (field - 1) + 3 * stride.rows(),
                  dilation.columns() * field + k % 5 * 3 * stride.columns() + 1,
                  MAPS[k * 3 % MAPS.length],
                  field,
                  field + 1,
                  stride,
                  dilation,
                  top,
                  bottom);
            });
  }

  /** More taps and maps than are multiplied at once: fields of one pixel, and with strides. */
  private static Stream<ConvolutionGeometry> manyTaps() {
    return Stream.of(
        new ConvolutionGeometry(130, 1, 9, 64, 1, 1, 1),
        new ConvolutionGeometry(257, 2, 5, 67, 1, 1, 1),
        new ConvolutionGeometry(40, 1, 512, 32, 1, 1, 1),
        new ConvolutionGeometry(33, 7, 15, 7, 3, 3, Extent.square(2), Extent.ONE, 1, 1),
        new ConvolutionGeometry(33, 5, 7, 6, 2, 2, 1));
  }

  private static Stream<ConvolutionGeometry> fields() {
    return IntStream.range(0, 7 * 7 * 3)
        .mapToObj(
            k -> {
              int stride = k % 3 + 1;
              int fieldHeight = k / 3 % 7 + 1;
              int fieldWidth = k / 21 + 1;
              int outputHeight = k % 4 + 1;
              int outputWidth = k * 5 % 13 + 1;
              int leftover = k % stride;
              return new ConvolutionGeometry(
                  CHANNELS[k % CHANNELS.length],
                  fieldHeight + (outputHeight - 1) * stride + leftover,
                  fieldWidth + (outputWidth - 1) * stride + leftover,
                  MAPS[k * 3 % MAPS.length],
                  fieldHeight,
                  fieldWidth,
                  stride);
            });
  }

  /** Fields 3 and 5 wide, which have tiles of their own, at all numbers of maps and widths. */
  private static Stream<ConvolutionGeometry> wideRows() {
    return IntStream.range(0, 2 * MAPS.length * 6)
        .mapToObj(
            k -> {
              int field = k % 2 == 0 ? 3 : 5;
              int outputWidth = 7 + k / 2 / MAPS.length * 3;
              return new ConvolutionGeometry(
                  CHANNELS[k % CHANNELS.length],
                  field + k % 3,
                  field + outputWidth - 1,
                  MAPS[k / 2 % MAPS.length],
                  field,
                  field,
                  1);
            });
  }

  /** Output planes too large for the first-level cache, whose gradients are summed by blocks. */
  private static Stream<ConvolutionGeometry> largePlanes() {
    return IntStream.of(3, 5)
        .boxed()
        .flatMap(
            field ->
                IntStream.of(6, 7, 13)
                    .mapToObj(
                        outputHeight ->
                            new ConvolutionGeometry(
                                3, field + outputHeight - 1, field + 31, 5, field, field, 1)));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void convolutionsAgree(ConvolutionGeometry g) {
    convolve(g, false, OFFSET + g.weights());
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void convolutionsOfWildNumbersAgree(ConvolutionGeometry g) {
    convolve(g, true, OFFSET + g.weights());
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void convolutionsWithoutBiasesAgree(ConvolutionGeometry g) {
    convolve(g, false, -1);
  }

  private static void convolve(ConvolutionGeometry g, boolean wild, int biasesAt) {
    Random random = new Random(g.hashCode());
    twinsAgree(
        (kernels, arrays) ->
            kernels
                .correlation(g)
                .apply(
                    arrays.get(0).values(),
                    arrays.get(1).values(),
                    OFFSET,
                    biasesAt,
                    arrays.get(2).values()),
        Guarded.random(wild, random, 0, g.inputBlockSize()),
        Guarded.random(wild, random, OFFSET, g.weights() + g.featureMaps()),
        Guarded.tame(random, 0, g.outputBlockSize()));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void weightGradientsAgree(ConvolutionGeometry g) {
    weightGradient(g, false);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void weightGradientsOfWildNumbersAgree(ConvolutionGeometry g) {
    weightGradient(g, true);
  }

  private static void weightGradient(ConvolutionGeometry g, boolean wild) {
    Random random = new Random(g.hashCode());
    twinsAgree(
        (kernels, arrays) ->
            kernels
                .correlation(g)
                .weightGradient(
                    arrays.get(0).values(), arrays.get(1).values(), arrays.get(2).values(), OFFSET),
        Guarded.random(wild, random, 0, g.inputBlockSize()),
        Guarded.random(wild, random, 0, g.outputBlockSize()),
        Guarded.tame(random, OFFSET, g.weights()));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,7", "3,4", "4,9", "5,1", "7,30", "20,16"})
  void biasGradientsAgree(int channels, int pixels) {
    ConvolutionGeometry g = new ConvolutionGeometry(1, 1, pixels, channels, 1, 1, 1);
    for (boolean wild : new boolean[] {false, true}) {
      Random random = new Random(pixels);
      twinsAgree(
          (kernels, arrays) ->
              kernels
                  .correlation(g)
                  .biasGradient(arrays.get(0).values(), arrays.get(1).values(), OFFSET),
          Guarded.random(wild, random, 0, channels * pixels * Lanes.COUNT),
          Guarded.tame(random, OFFSET, channels));
    }
  }
}
