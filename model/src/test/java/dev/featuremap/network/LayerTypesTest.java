package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.init.Initializer;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.convolution.ReceptiveField;
import dev.featuremap.layer.dense.Flatten;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.layer.elementwise.Clip;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.Elu;
import dev.featuremap.layer.elementwise.Gelu;
import dev.featuremap.layer.elementwise.HardSigmoid;
import dev.featuremap.layer.elementwise.HardSwish;
import dev.featuremap.layer.elementwise.Mish;
import dev.featuremap.layer.elementwise.Prelu;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.elementwise.Relu6;
import dev.featuremap.layer.elementwise.Sigmoid;
import dev.featuremap.layer.elementwise.Softmax;
import dev.featuremap.layer.elementwise.Tanh;
import dev.featuremap.layer.normalization.GroupNorm;
import dev.featuremap.layer.normalization.InstanceNorm;
import dev.featuremap.layer.normalization.LayerNorm;
import dev.featuremap.layer.normalization.LayerScale;
import dev.featuremap.layer.normalization.LocalResponseNorm;
import dev.featuremap.layer.pooling.AdaptiveAveragePool;
import dev.featuremap.layer.pooling.AdaptiveMaxPool;
import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerTypesTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void readsAConvolutionWithItsDefaults() {
    assertThat(read("type = convolution, feature-maps = 20, field = 5"))
        .contains(
            new Convolution(
                20,
                new ReceptiveField(5, 5, 1, 0, 0, 1),
                1,
                Initializer.HE_NORMAL,
                Optional.of(Initializer.ZEROS)));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsEveryOptionOfAConvolution() {
    assertThat(
            read(
                """
                type = convolution, feature-maps = 4, field = [3, 5], stride = 2, padding = [1, 2]
                initializer = lecun-normal, bias-initializer = unit-normal
                """))
        .contains(
            new Convolution(
                4,
                new ReceptiveField(3, 5, 2, 1, 2, 1),
                1,
                Initializer.LECUN_NORMAL,
                Optional.of(Initializer.UNIT_NORMAL)));
    assertThat(problems).isEmpty();
  }

  @Test
  void kernelSizeIsAnotherNameForField() {
    assertThat(read("type = convolution, feature-maps = 4, kernel-size = [3, 5], padding = same"))
        .isEqualTo(read("type = convolution, feature-maps = 4, field = [3, 5], padding = same"));
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesBothNamesOfAField() {
    read("type = convolution, feature-maps = 4, field = 3, kernel-size = 5");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.kernel-size: it is another name for field, which is given too."
                + " Leave one of them out.");
  }

  @Test
  void namesAKernelSizeAsItIsWritten() {
    read("type = convolution, feature-maps = 4, kernel-size = 0");
    read("type = convolution, feature-maps = 4");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.kernel-size: expected an integer from 1 to 65536 or a pair of"
                + " them, got 0.",
            "Cannot read layer conv1.field: it is required.");
  }

  @Test
  void samePaddingIsHalfTheField() {
    assertThat(read("type = convolution, feature-maps = 4, field = [3, 5], padding = same"))
        .contains(
            new Convolution(
                4,
                new ReceptiveField(3, 5, 1, 1, 2, 1),
                1,
                Initializer.HE_NORMAL,
                Optional.of(Initializer.ZEROS)));
    assertThat(problems).isEmpty();
  }

  @Test
  void samePaddingOfAnEvenFieldIsLargerBelowAndToTheRight() {
    assertThat(field("field = [4, 2], padding = same").fixedPadding())
        .contains(new Padding(1, 0, 2, 1));
    assertThat(problems).isEmpty();
  }

  @Test
  void samePaddingWithAStrideDependsOnTheMap() {
    Window window = field("field = 3, stride = 2, padding = same");
    assertThat(window.fixedPadding()).isEmpty();
    assertThat(window.padding(new Shape(1, 224, 7))).isEqualTo(new Padding(0, 1, 1, 1));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsSizesOfRowsAndColumnsAndPaddingOfEachSide() {
    assertThat(field("field = [3, 5], stride = [2, 1], dilation = [1, 3], padding = [0, 1, 2, 3]"))
        .isEqualTo(
            new Window(
                new Extent(3, 5),
                new Extent(2, 1),
                new Extent(1, 3),
                Optional.of(new Padding(0, 1, 2, 3)),
                false));
    assertThat(problems).isEmpty();
  }

  private Window field(String hocon) {
    Optional<LayerSpec> layer = read("type = convolution, feature-maps = 4, " + hocon);
    return ((Convolution) layer.orElseThrow()).field().window();
  }

  @Test
  void noOtherWordOrListIsAPadding() {
    field("field = 4, padding = valid");
    field("field = 4, padding = [1, 2, 3]");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.padding: expected same, an integer from 0 to 65536, [rows,"
                + " columns] or [top, left, bottom, right], got \"valid\".",
            "Cannot use layer conv1.padding: expected same, an integer from 0 to 65536, [rows,"
                + " columns] or [top, left, bottom, right], got [1,2,3].");
  }

  @Test
  void readsTheOptionsOfPoolingLayers() {
    assertThat(
            read(
                "type = max-pool, window = [3, 2], stride = [1, 2], padding = [2, 0, 1, 1],"
                    + " dilation = [1, 2], ceil-mode = true"))
        .contains(
            new MaxPool(
                new Window(
                    new Extent(3, 2),
                    new Extent(1, 2),
                    new Extent(1, 2),
                    Optional.of(new Padding(2, 0, 1, 1)),
                    true),
                false));
    Window half = new Window(new Extent(2, 3), new Extent(2, 3), new Padding(1, 1, 1, 1));
    assertThat(read("type = average-pool, window = [2, 3], padding = 1, count-padding = false"))
        .contains(new AveragePool(half, false));
    assertThat(read("type = l2-pool, window = [2, 3], padding = 1")).contains(new L2Pool(half));
    assertThat(read("type = adaptive-average-pool, output = 7"))
        .contains(new AdaptiveAveragePool(Extent.square(7)));
    assertThat(read("type = adaptive-max-pool, output = [1, 2]"))
        .contains(new AdaptiveMaxPool(new Extent(1, 2)));
    assertThat(problems).isEmpty();
  }

  @Test
  void aPaddingOfAPoolingLayerIsLessThanItsWindow() {
    read("type = max-pool, window = [3, 2], padding = [0, 0, 0, 2]");
    read("type = average-pool, padding = 2");
    read("type = adaptive-max-pool");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.padding: expected same, an integer, [rows, columns] or [top,"
                + " left, bottom, right], each less than the 3×2 window, got [0,0,0,2].",
            "Cannot use layer conv1.padding: expected same, an integer, [rows, columns] or [top,"
                + " left, bottom, right], each less than the 2×2 window, got 2.",
            "Cannot read layer conv1.output: it is required.");
  }

  @Test
  void readsAFullyConnectedLayer() {
    assertThat(read("type = fully-connected, outputs = 30, initializer = glorot-uniform"))
        .contains(
            new FullyConnected(30, Initializer.GLOROT_UNIFORM, Optional.of(Initializer.ZEROS)));
    assertThat(read("type = fully-connected, outputs = 10"))
        .contains(new FullyConnected(10, Initializer.HE_NORMAL, Optional.of(Initializer.ZEROS)));
    assertThat(read("type = fully-connected, outputs = 10, bias = false"))
        .contains(new FullyConnected(10, Initializer.HE_NORMAL, Optional.empty()));
    assertThat(problems).isEmpty();
  }

  @Test
  void poolingWindowsTouchByDefault() {
    assertThat(read("type = max-pool")).contains(new MaxPool(2, 2, 0));
    assertThat(read("type = average-pool, window = 3")).contains(new AveragePool(3, 3));
    assertThat(read("type = l2-pool, window = 3, stride = 2")).contains(new L2Pool(3, 2));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsTheLayersWithoutParameters() {
    assertThat(read("type = relu")).contains(new Relu());
    assertThat(read("type = sigmoid")).contains(new Sigmoid());
    assertThat(read("type = tanh")).contains(new Tanh());
    assertThat(read("type = relu6")).contains(new Relu6());
    assertThat(read("type = hard-swish")).contains(new HardSwish());
    assertThat(read("type = hard-sigmoid")).contains(new HardSigmoid());
    assertThat(read("type = mish")).contains(new Mish());
    assertThat(read("type = softmax")).contains(new Softmax());
    assertThat(read("type = flatten")).contains(new Flatten());
    assertThat(read("type = dropout")).contains(new Dropout(0.5));
    assertThat(read("type = dropout, rate = 0.2")).contains(new Dropout(0.2));
    assertThat(problems).isEmpty();
  }

  @Test
  void normalizationsOfSingleImagesHavePyTorchsDefaults() {
    assertThat(read("type = group-norm, groups = 4")).contains(new GroupNorm(4, 1e-5, true));
    assertThat(read("type = layer-norm")).contains(new LayerNorm(1e-5, true));
    assertThat(read("type = instance-norm")).contains(new InstanceNorm(1e-5, false));
    assertThat(read("type = local-response-norm, size = 5"))
        .contains(new LocalResponseNorm(5, 1e-4, 0.75, 1));
    assertThat(read("type = layer-scale")).contains(new LayerScale(1e-6));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsTheOptionsOfNeurons() {
    assertThat(read("type = gelu")).contains(new Gelu(Gelu.Approximation.TANH));
    assertThat(read("type = gelu, approximate = none")).contains(new Gelu(Gelu.Approximation.NONE));
    assertThat(read("type = elu")).contains(new Elu(1));
    assertThat(read("type = elu, alpha = 0.5")).contains(new Elu(0.5));
    assertThat(read("type = clip, min = 0, max = 4")).contains(new Clip(0, 4));
    assertThat(read("type = prelu")).contains(new Prelu(false, 0.25));
    assertThat(read("type = prelu, per-channel = true, slope = 0")).contains(new Prelu(true, 0));
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesNumbersThatNoNormalizationHas() {
    read("type = group-norm");
    read("type = layer-norm, epsilon = 0");
    read("type = local-response-norm, size = 5, alpha = -1, beta = 11, k = 0");
    read("type = layer-scale, initial = 1e39");
    assertThat(problems)
        .containsExactly(
            "Cannot read layer conv1.groups: it is required.",
            "Cannot use layer conv1.epsilon: expected a number above 0 and at most 1, got 0.",
            "Cannot use layer conv1.alpha: expected a number of at least 0, got -1.",
            "Cannot use layer conv1.beta: expected a number from 0 to 10, got 11.",
            "Cannot use layer conv1.k: expected a number above 0, got 0.",
            "Cannot use layer conv1.initial: expected a number that a float can hold, got 1.0E39.");
  }

  @Test
  void namesBadOptionsOfNeurons() {
    read("type = gelu, approximate = erf");
    read("type = elu, alpha = 0");
    read("type = prelu, per-channel = 3, slope = 1e39");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.approximate: expected one of tanh, none, got \"erf\".",
            "Cannot use layer conv1.alpha: expected a number above 0, got 0.",
            "Cannot use layer conv1.per-channel: expected true or false, got 3.",
            "Cannot use layer conv1.slope: expected a number of single precision, got 1.0E39.");
  }

  @Test
  void leavesTheNameToTheCaller() {
    assertThat(read("name = rectifier, type = relu")).contains(new Relu());
    assertThat(problems).isEmpty();
  }

  @Test
  void anUnknownTypeNamesTheNearest() {
    assertThat(read("type = convolutoin, feature-maps = 4")).isEmpty();
    assertThat(problems)
        .containsExactly(
            "Cannot read layer conv1: unknown layer type convolutoin. Did you mean convolution?");
  }

  @Test
  void aMissingTypeListsTheKnownOnes() {
    assertThat(read("field = 5")).isEmpty();
    assertThat(problems)
        .containsExactly(
            "Cannot read layer conv1: its type is required. Known types: "
                + String.join(", ", LayerTypes.names())
                + ".");
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    assertThat(read("type = max-pool, windw = 3")).contains(new MaxPool(2, 2, 0));
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.windw: unknown key. Did you mean layer conv1.window?");
  }

  @Test
  void reportsEveryBadValueAtOnceWithoutThrowing() {
    Optional<LayerSpec> layer =
        read(
            """
            type = convolution, feature-maps = 0, field = [3, 5, 7], stride = -1, padding = 1.5
            initializer = he, bias-initializer = 0
            """);
    assertThat(layer).isPresent();
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.feature-maps: expected an integer of at least 1, got 0.",
            "Cannot use layer conv1.field: expected an integer from 1 to 65536 or a pair of them,"
                + " got [3,5,7].",
            "Cannot use layer conv1.stride: expected an integer from 1 to 65536 or a pair of them,"
                + " got -1.",
            "Cannot use layer conv1.padding: expected same, an integer from 0 to 65536, [rows,"
                + " columns] or [top, left, bottom, right], got 1.5.",
            "Cannot use layer conv1.initializer: expected one of zeros, ones, he-normal,"
                + " he-uniform, glorot-normal, glorot-uniform, lecun-normal, unit-normal, got"
                + " \"he\".",
            "Cannot use layer conv1.bias-initializer: expected one of zeros, ones, he-normal,"
                + " he-uniform, glorot-normal, glorot-uniform, lecun-normal, unit-normal, got 0.");
  }

  @Test
  void aValueOfTheWrongTypeIsAProblem() {
    read("type = { name = relu }");
    read("type = dropout, rate = 1");
    read("type = fully-connected, outputs = many");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer conv1.type: expected a text, got {\"name\":\"relu\"}.",
            "Cannot use layer conv1.rate: expected a number in [0, 1), got 1.",
            "Cannot use layer conv1.outputs: expected an integer of at least 1, got \"many\".");
  }

  private Optional<LayerSpec> read(String hocon) {
    return LayerTypes.read(
        Options.of(ConfigFactory.parseString(hocon), "layer conv1", problems), List.of());
  }
}
