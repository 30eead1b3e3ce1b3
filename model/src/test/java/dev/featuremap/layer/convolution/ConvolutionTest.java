package dev.featuremap.layer.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.init.Initializer;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(convolution(3, 3, 3, 1, 0, 0), new Shape(2, 5, 6)),
        new Case(convolution(2, 3, 3, 1, 1, 1), new Shape(3, 4, 5)),
        new Case(convolution(4, 1, 1, 1, 0, 0), new Shape(3, 3, 3)),
        new Case(convolution(2, 5, 3, 1, 2, 1), new Shape(1, 6, 5)),
        new Case(convolution(2, 2, 4, 1, 0, 3), new Shape(2, 3, 4)),
        new Case(convolution(3, 2, 2, 2, 0, 0), new Shape(2, 5, 7)),
        new Case(convolution(2, 3, 2, 2, 1, 1), new Shape(2, 6, 5)),
        new Case(convolution(2, 2, 3, 3, 0, 0), new Shape(2, 7, 6)),
        new Case(convolution(2, 1, 1, 3, 0, 0), new Shape(2, 5, 6)),
        new Case(convolution(2, 3, 3, 2, 1, 1), new Shape(2, 4, 6)),
        new Case(convolution(1, 3, 1, 4, 2, 3), new Shape(1, 3, 2)),
        new Case(convolution(2, 1, 2, 1, 2, 3), new Shape(1, 3, 3)),
        new Case(convolution(2, 2, 1, 2, 3, 4), new Shape(2, 4, 3)),
        new Case(convolution(5, 4, 3, 1, 0, 0), new Shape(2, 4, 3)),
        new Case(unusual(3, 3, 1, 2, 2, 1, true), new Shape(2, 5, 6)),
        new Case(unusual(2, 2, 2, 1, 3, 1, false), new Shape(2, 6, 5)),
        new Case(unusual(4, 3, 1, 1, 1, 2, true), new Shape(4, 4, 3)),
        new Case(unusual(3, 3, 2, 1, 1, 3, false), new Shape(3, 5, 4)),
        new Case(unusual(6, 1, 1, 0, 1, 3, false), new Shape(3, 3, 2)),
        new Case(unusual(4, 2, 1, 1, 2, 2, false), new Shape(2, 5, 4)),
        new Case(windowed(2, window(3, 3, 2, 1, 1, 1, 0, 1, 1, 0), 1), new Shape(2, 5, 6)),
        new Case(windowed(2, window(3, 2, 1, 1, 1, 1, 1, 0, 0, 2), 1), new Shape(2, 4, 5)),
        new Case(windowed(3, window(3, 3, 1, 2, 1, 1, 2, 0, 1, 3), 1), new Shape(1, 5, 6)),
        new Case(windowed(2, window(2, 3, 2, 1, 1, 2, 0, 3, 2, 0), 1), new Shape(2, 5, 5)),
        new Case(windowed(2, window(2, 2, 1, 1, 2, 1, 3, 0, 0, 2), 1), new Shape(2, 4, 4)),
        new Case(windowed(2, window(1, 1, 1, 1, 1, 1, 0, 0, 1, 2), 1), new Shape(2, 3, 3)),
        new Case(windowed(2, window(1, 1, 2, 1, 2, 3, 2, 0, 1, 2), 1), new Shape(2, 3, 3)),
        new Case(windowed(2, window(1, 2, 3, 1, 1, 1, 0, 0, 0, 1), 1), new Shape(2, 5, 4)),
        new Case(windowed(2, window(2, 2, 1, 3, 1, 1, 4, 0, 0, 3), 1), new Shape(1, 3, 5)),
        new Case(windowed(4, window(3, 2, 2, 1, 1, 1, 1, 0, 0, 1), 2), new Shape(4, 4, 5)),
        new Case(windowed(4, window(2, 3, 1, 2, 2, 1, 0, 2, 1, 0), 4), new Shape(4, 4, 5)),
        new Case(same(2, 3, 3, new Extent(2, 2), Extent.ONE, 1), new Shape(2, 5, 6)),
        new Case(same(2, 2, 5, new Extent(2, 3), Extent.ONE, 1), new Shape(2, 5, 6)),
        new Case(same(3, 3, 3, new Extent(2, 1), new Extent(1, 2), 3), new Shape(3, 6, 5)));
  }

  private static Window window(
      int rows,
      int columns,
      int rowStride,
      int columnStride,
      int rowDilation,
      int columnDilation,
      int... padding) {
    return new Window(
        new Extent(rows, columns),
        new Extent(rowStride, columnStride),
        new Extent(rowDilation, columnDilation),
        Optional.of(new Padding(padding[0], padding[1], padding[2], padding[3])),
        false);
  }

  private static Convolution same(
      int featureMaps, int rows, int columns, Extent stride, Extent dilation, int groups) {
    Extent size = new Extent(rows, columns);
    return windowed(
        featureMaps, new Window(size, stride, dilation, Optional.empty(), false), groups);
  }

  private static Convolution windowed(int featureMaps, Window window, int groups) {
    return new Convolution(
        featureMaps,
        new ReceptiveField(window),
        groups,
        Initializer.HE_NORMAL,
        Optional.of(Initializer.ZEROS));
  }

  static Stream<Case> geometries() {
    return new ConvolutionTest().cases();
  }

  /** {@code b[f] + Σ w[f,c,i,j] · in[c, y·s + i·d - top, x·s + j·d - left]}, by plain loops. */
  @ParameterizedTest
  @MethodSource("geometries")
  void isTheSumOverChannelsAndField(Case layer) {
    Convolution spec = (Convolution) layer.spec();
    Shape in = layer.input();
    float[] parameters = numbers(spec.parameters(in).stream().mapToInt(ParameterSpec::size).sum());
    float[] image = numbers(in.size());

    float[] output = Outputs.of(spec, parameters, in, image);

    Shape out = spec.outputShape(in);
    Window window = spec.field().window();
    Padding padding = window.padding(in);
    int channels = in.channels() / spec.groups();
    int taps = channels * window.size().size();
    for (int o = 0; o < out.size(); o++) {
      int f = o / (out.height() * out.width());
      int y = o / out.width() % out.height();
      int x = o % out.width();
      double sum = spec.biases().isPresent() ? parameters[out.channels() * taps + f] : 0;
      for (int w = 0; w < taps; w++) {
        int c = w / window.size().size() + f / (out.channels() / spec.groups()) * channels;
        int i = w / window.size().columns() % window.size().rows();
        int j = w % window.size().columns();
        int row = y * window.stride().rows() + i * window.dilation().rows() - padding.top();
        int column =
            x * window.stride().columns() + j * window.dilation().columns() - padding.left();
        if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
          int pixel = (c * in.height() + row) * in.width() + column;
          sum += (double) parameters[f * taps + w] * image[pixel];
        }
      }
      assertThat((double) output[o]).as("output %s", o).isEqualTo(sum);
    }
  }

  /** Small integers, whose sums are exact in any order. */
  private static float[] numbers(int size) {
    float[] numbers = new float[size];
    for (int k = 0; k < size; k++) {
      numbers[k] = (k * 7 + k / 5) % 11 - 5;
    }
    return numbers;
  }

  @Test
  void zerosOnTheRightFollowTheMapThere() {
    Window window = window(1, 2, 1, 1, 1, 1, 0, 0, 0, 1);
    float[] output =
        Outputs.of(windowed(1, window, 1), new float[] {1, 10, 0}, new Shape(1, 1, 3), 1, 2, 3);

    assertThat(output).containsExactly(21, 32, 3);
  }

  @Test
  void samePaddingDividesTheSizeByTheStride() {
    // 7 by 2 is 4 places, which span (4 - 1) · 2 + 3 = 9 pixels: one before and one after.
    Convolution odd = same(1, 3, 3, new Extent(2, 2), Extent.ONE, 1);
    assertThat(odd.outputShape(new Shape(1, 7, 8))).isEqualTo(new Shape(1, 4, 4));
    assertThat(odd.field().padding(new Shape(1, 7, 8))).isEqualTo(new Padding(1, 0, 1, 1));
    assertThat(odd.summary()).isEqualTo("3×3, 1 map, stride 2, padding same");
  }

  @Test
  void paddingOnOneSideIsNotComputedByTiles() {
    Shape input = new Shape(64, 32, 32);
    assertThat(windowed(64, window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), 1).algorithm(input)).isNotEmpty();
    assertThat(windowed(64, window(3, 3, 1, 1, 1, 1, 0, 0, 2, 2), 1).algorithm(input)).isEmpty();
  }

  @Test
  void namesThePaddingOfEachSideWhereItsFieldDoesNotFit() {
    Convolution tall = windowed(1, window(5, 1, 1, 2, 1, 1, 1, 0, 0, 2), 1);
    assertThatThrownBy(() -> tall.outputShape(new Shape(1, 3, 3)))
        .hasMessage("its 5×1 field does not fit into [1, 3, 3] with padding [1, 0, 0, 2]");
    assertThat(tall.summary()).isEqualTo("5×1, 1 map, stride [1, 2], padding [1, 0, 0, 2]");
  }

  private static Convolution unusual(
      int featureMaps, int side, int stride, int padding, int dilation, int groups, boolean bias) {
    return new Convolution(
        featureMaps,
        new ReceptiveField(side, side, stride, padding, padding, dilation),
        groups,
        Initializer.HE_NORMAL,
        bias ? Optional.of(Initializer.ZEROS) : Optional.empty());
  }

  @Test
  void aDilatedFieldSeesEverySecondPixel() {
    float[] output =
        Outputs.of(
            new Convolution(
                1, new ReceptiveField(1, 2, 1, 0, 0, 2), 1, Initializer.ONES, Optional.empty()),
            new float[] {1, 1},
            new Shape(1, 1, 5),
            1,
            2,
            4,
            8,
            16);

    assertThat(output).containsExactly(5, 10, 20);
  }

  @Test
  void aDepthwiseFieldSeesItsOwnChannelOnly() {
    Convolution depthwise =
        new Convolution(
            2, new ReceptiveField(1, 2, 1, 0, 0, 1), 2, Initializer.ONES, Optional.empty());

    assertThat(Outputs.of(depthwise, new float[] {1, 1, 1, 1}, new Shape(2, 1, 2), 1, 2, 4, 8))
        .containsExactly(3, 12);
    assertThat(depthwise.parameters(new Shape(2, 1, 2)).get(0).dimensions())
        .containsExactly(2, 1, 1, 2);
  }

  @Test
  void aGroupOfAllChannelsIsAnOrdinaryConvolution() {
    Shape input = new Shape(2, 4, 4);
    assertThat(unusual(4, 3, 1, 1, 1, 2, false).parameters(input).get(0).fanIn()).isEqualTo(9);
    assertThat(unusual(4, 3, 1, 1, 1, 1, false).parameters(input)).hasSize(1);
  }

  @Test
  void rejectsADilatedFieldThatDoesNotFit() {
    assertThatThrownBy(() -> unusual(4, 3, 1, 0, 3, 1, true).outputShape(new Shape(1, 6, 6)))
        .hasMessage("its 3×3 field of dilation 3 does not fit into [1, 6, 6] with padding 0");
    assertThatThrownBy(() -> new ReceptiveField(3, 3, 1, 0, 0, 40_000))
        .hasMessage(
            "Cannot make a convolution layer: its dilated field must reach over at most 65536"
                + " pixels, got 80001.");
  }

  @Test
  void summaryNamesGroupsDilationAndAMissingBias() {
    assertThat(unusual(4, 3, 1, 2, 2, 2, false).summary())
        .isEqualTo("3×3, 4 maps, padding 2, dilation 2, 2 groups, no bias");
  }

  @Test
  void findsTheVerticalEdge() {
    Shape shape = new Shape(1, 6, 6);
    Convolution edge = convolution(1, 3, 3, 1, 0, 0);
    float[] parameters = {1, 0, -1, 1, 0, -1, 1, 0, -1, 0};
    float[] input = new float[shape.blockSize()];
    for (int pixel = 0; pixel < shape.size(); pixel++) {
      input[pixel * Lanes.COUNT] = pixel % 6 < 3 ? 10 : 0;
    }
    float[] output = new float[edge.outputShape(shape).blockSize()];
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    edge.build(shape, new LayerPlace(0, 0, 0, 0, false, new Scratch()), new ScalarKernels())
        .forward(group, parameters, new float[][] {input}, new float[][] {output});

    float[] firstImage = new float[output.length / Lanes.COUNT];
    for (int pixel = 0; pixel < firstImage.length; pixel++) {
      firstImage[pixel] = output[pixel * Lanes.COUNT];
    }
    assertThat(firstImage).containsExactly(0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0);
  }

  @Test
  void twentyMapsOfFiveByFiveTurnTwentyEightPixelsIntoTwentyFour() {
    Shape maps = convolution(20, 5, 5, 1, 0, 0).outputShape(new Shape(1, 28, 28));
    assertThat(maps).isEqualTo(new Shape(20, 24, 24));
    assertThat(new MaxPool(2, 2, 0).outputShape(maps)).isEqualTo(new Shape(20, 12, 12));
  }

  @Test
  void twentyMapsOfFiveByFiveHave520Parameters() {
    List<ParameterSpec> parameters =
        convolution(20, 5, 5, 1, 0, 0).parameters(new Shape(1, 28, 28));
    assertThat(parameters.stream().mapToInt(ParameterSpec::size).sum()).isEqualTo(20 * 25 + 20);
    assertThat(parameters).extracting(ParameterSpec::name).containsExactly("weight", "bias");
    assertThat(parameters).extracting(ParameterSpec::decays).containsExactly(true, false);
  }

  @Test
  void fansCountTheFieldInAllChannelsAndInAllMaps() {
    ParameterSpec weight = convolution(7, 3, 5, 1, 0, 0).parameters(new Shape(4, 9, 9)).get(0);
    assertThat(weight.dimensions()).containsExactly(7, 4, 3, 5);
    assertThat(weight.fanIn()).isEqualTo(4 * 3 * 5);
    assertThat(weight.fanOut()).isEqualTo(7 * 3 * 5);
  }

  @Test
  void leavesOutWhatTheStrideDoesNotReach() {
    Shape output = convolution(6, 3, 3, 2, 0, 0).outputShape(new Shape(1, 8, 9));
    assertThat(output).isEqualTo(new Shape(6, 3, 4));
  }

  @Test
  void rejectsAnInputSmallerThanItsField() {
    assertThatThrownBy(() -> convolution(8, 5, 5, 1, 0, 0).outputShape(new Shape(3, 2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("its 5×5 field does not fit into [3, 2, 2] with padding 0");
    assertThatThrownBy(() -> convolution(8, 1, 9, 1, 0, 2).outputShape(new Shape(3, 4, 4)))
        .hasMessage("its 1×9 field does not fit into [3, 4, 4] with padding [0, 2]");
  }

  @Test
  void rejectsAPlaceWhoseGradientExceedsAnArray() {
    assertThatThrownBy(
            () -> convolution(1_000, 300, 300, 100, 0, 0).outputShape(new Shape(1, 300, 300)))
        .hasMessage(
            "Cannot make a shape of [1000, 599, 599]: 16 images of it exceed one array of 2^31"
                + " floats.");
  }

  @Test
  void rejectsMoreWeightsThanOneArrayHolds() {
    Convolution huge = convolution(60_000, 60_000, 60_000, 1, 0, 0);
    assertThatThrownBy(() -> huge.parameters(new Shape(60_000, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot hold weight of [60000, 60000, 60000, 60000]: ");
  }

  @Test
  void rejectsSizesThatNoConvolutionHas() {
    assertThatThrownBy(() -> convolution(0, 5, 5, 1, 0, 0))
        .hasMessage(
            "Cannot make a convolution layer: its feature maps must be from 1 to 2147483647,"
                + " got 0.");
    assertThatThrownBy(() -> convolution(1, 5, 5, 0, 0, 0)).hasMessageContaining("its stride");
    assertThatThrownBy(() -> convolution(1, 5, 5, 1, 0, -1)).hasMessageContaining("its padding");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(convolution(20, 5, 5, 1, 0, 0).summary()).isEqualTo("5×5, 20 maps");
    assertThat(convolution(1, 3, 5, 2, 1, 2).summary())
        .isEqualTo("3×5, 1 map, stride 2, padding [1, 2]");
  }

  private static Convolution convolution(
      int featureMaps, int height, int width, int stride, int paddingHeight, int paddingWidth) {
    return new Convolution(
        featureMaps,
        new ReceptiveField(height, width, stride, paddingHeight, paddingWidth, 1),
        1,
        Initializer.HE_NORMAL,
        Optional.of(Initializer.ZEROS));
  }
}
