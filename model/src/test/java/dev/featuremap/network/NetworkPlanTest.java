package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.optimizer.StateLayout.Matrix;
import dev.featuremap.optimizer.StateLayout.Range;
import dev.featuremap.spec.SpecException;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPlanTest {
  private static final String DENSE = "{ type = fully-connected, name = dense1, outputs = 10 }";

  private final NetworkPlan plan = Specs.plan(Texts.THREE_MAPS);

  @Test
  void followsTheShapesFromTheInputToTheLogits() {
    assertThat(plan.layers())
        .extracting(PlannedLayer::output)
        .containsExactly(
            new Shape(3, 24, 24), // 28 - 5 + 1
            new Shape(3, 24, 24),
            new Shape(3, 12, 12),
            Shape.ofFeatures(10));
    assertThat(plan.layers())
        .extracting(PlannedLayer::input)
        .startsWith(new Shape(1, 28, 28), new Shape(3, 24, 24));
    assertThat(plan.classes()).isEqualTo(10);
  }

  @Test
  void countsTheParametersOfEachLayer() {
    assertThat(plan.layers())
        .extracting(PlannedLayer::parameters)
        .containsExactly(78, 0, 0, 4330); // 3 · (5 · 5 + 1), 10 · (3 · 12 · 12 + 1)
    assertThat(plan.parameters()).isEqualTo(4408);
  }

  @Test
  void countsTwentyMapsOfFiveByFiveAs520Parameters() {
    NetworkPlan twenty =
        Specs.plan(Texts.layers("{ type = convolution, field = 5, feature-maps = 20 }", DENSE));

    assertThat(twenty.layers().get(0).parameters()).isEqualTo(520); // 20 · 26
  }

  @Test
  void countsThirtyNeuronsOnAnImageAs23550Parameters() {
    NetworkPlan thirty =
        Specs.plan(Texts.layers("{ type = fully-connected, outputs = 30 }", DENSE));

    assertThat(thirty.layers().get(0).parameters()).isEqualTo(23_550); // 784 · 30 + 30
  }

  @Test
  void laysTensorsEndToEndUnderTheNamesPyTorchGivesThem() {
    assertThat(plan.tensors())
        .extracting(PlannedTensor::name)
        .containsExactly("conv1.weight", "conv1.bias", "dense1.weight", "dense1.bias");
    assertThat(plan.tensors())
        .extracting(PlannedTensor::at)
        .containsExactly(0, 75, 78, 4398); // 3 · 25, + 3, + 10 · 432
    assertThat(plan.layers()).extracting(PlannedLayer::parametersAt).containsExactly(0, 78, 78, 78);
  }

  @Test
  void decaysWeightsButNotBiases() {
    StateLayout layout = plan.stateLayout(2);

    assertThat(layout.decayed()).containsExactly(new Range(0, 75), new Range(78, 4398));
    assertThat(layout.size()).isEqualTo(3 * 4408);
  }

  @Test
  void takesAllWeightsButTheLastOnesForMatrices() {
    assertThat(plan.stateLayout(2).matrices()).containsExactly(new Matrix(0, 3, 25));
  }

  /** Each group of a convolution by itself; vectors and what is not decayed are no matrices. */
  @Test
  void takesGroupsOfConvolutionsForMatrices() {
    NetworkPlan grouped =
        Specs.plan(
            Texts.layers(
                "{ type = convolution, field = 3, feature-maps = 4 }", // 4 · 9, + 4
                "{ type = convolution, field = 3, feature-maps = 6, groups = 2 }", // 6 · 2 · 9, + 6
                "{ type = convolution, field = 3, feature-maps = 6, groups = 6 }", // 6 · 9, + 6
                "{ type = batch-norm }", // 6 + 6
                DENSE));

    assertThat(grouped.stateLayout(2).matrices())
        .containsExactly(new Matrix(0, 4, 9), new Matrix(40, 3, 18), new Matrix(94, 3, 18));
  }

  @Test
  void startsFromTheSeed() {
    float[] first = plan.initialParameters(1);

    assertThat(plan.initialParameters(1)).isEqualTo(first);
    assertThat(plan.initialParameters(2)).isNotEqualTo(first);
    assertThat(Arrays.copyOfRange(first, 75, 78)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(first, 0, 75)).doesNotContain(0f).doesNotHaveDuplicates();
  }

  @Test
  void refusesAFieldThatDoesNotFitAndNamesBothLayers() {
    assertProblem(
        "Cannot join conv2 to max_pool1: its 5×5 field does not fit into [1, 4, 4] with padding 0",
        "{ type = max-pool, window = 7 }",
        "{ type = convolution, name = conv2, field = 5, feature-maps = 3 }",
        DENSE);
  }

  @Test
  void refusesAWindowThatDoesNotFitIntoTheInput() {
    assertProblem(
        "Cannot join pool1 to the input: its 29×29 window does not fit into [1, 28, 28]",
        "{ type = max-pool, name = pool1, window = 29 }",
        DENSE);
  }

  @Test
  void refusesALossOnFeatureMaps() {
    assertProblem(
        "Cannot join the loss to conv1: it takes a vector of at least 2 classes, got [3, 24, 24]."
            + " End the network with a fully-connected layer.",
        "{ type = convolution, name = conv1, field = 5, feature-maps = 3 }");
  }

  @Test
  void refusesASingleClass() {
    assertProblem(
        "Cannot join the loss to dense1: it takes a vector of at least 2 classes, got [1, 1, 1]."
            + " End the network with a fully-connected layer.",
        "{ type = fully-connected, name = dense1, outputs = 1 }");
  }

  @Test
  void refusesATensorThatExceedsOneArrayAndNamesItsLayer() {
    assertProblem(
        "Cannot join dense0 to the input: Cannot hold weight of [3000000, 784]: one array holds at"
            + " most 2147483639 values.",
        "{ type = fully-connected, name = dense0, outputs = 3000000 }",
        DENSE);
  }

  @Test
  void refusesTensorsThatExceedOneArrayTogether() {
    assertProblem(
        // 784 · 40000 + 40000; 40000 · 40000 + 40000; 40000 · 20000
        "Cannot hold the parameters up to dense3: 2431440000 floats exceed one array of 2^31.",
        "{ type = fully-connected, name = dense1, outputs = 40000 }",
        "{ type = fully-connected, name = dense2, outputs = 40000 }",
        "{ type = fully-connected, name = dense3, outputs = 20000 }");
  }

  @Test
  void refusesActivationsThatExceedOneArray() {
    assertProblem(
        "Cannot join conv1 to the input: Cannot make a shape of [300000, 28, 28]: 16 images of it"
            + " exceed one array of 2^31 floats.",
        "{ type = convolution, name = conv1, field = 1, feature-maps = 300000 }",
        DENSE);
  }

  private static void assertProblem(String problem, String... layers) {
    assertThatThrownBy(() -> NetworkSpec.parse(Texts.layers(layers))).hasMessage(problem);
  }

  @Test
  void batchesAreLimitedByWhatFullyConnectedLayersKeep() {
    NetworkPlan plan =
        Specs.plan(
            "input { shape = [1, 28, 28] }, layers = [ { type = fully-connected, outputs = 10 } ]");

    // 784 inputs and up to 64 more for each image: 2^31 / 848 = 2,532,411, in whole blocks.
    assertThat(plan.largestBatch()).isEqualTo(2_532_400);
  }

  @Test
  void refusesAShortcutOfAnotherShapeAndNamesBothEnds() {
    assertProblem(
        "Cannot add the shortcut of block to its layers: both need one shape, got [4, 14, 14] from"
            + " block.conv and [1, 28, 28] from the input. Give the residual a shortcut with the"
            + " stride and the feature maps of its layers.",
        "{ type = residual, name = block, layers = [ { type = convolution, name = conv, field = 3,"
            + " stride = 2, padding = 1, feature-maps = 4 } ] }",
        DENSE);
  }

  @Test
  void refusesGroupsThatDoNotDivideTheChannels() {
    assertProblem(
        "Cannot join conv1 to the input: its 2 groups must divide the channels and the feature"
            + " maps, got 1 and 4",
        "{ type = convolution, name = conv1, field = 3, feature-maps = 4, groups = 2 }",
        DENSE);
  }

  @Test
  void keepsActivationsOfAllBlocksBehindABarrier() {
    NetworkPlan barrier =
        Specs.plan(Texts.layers("{ type = batch-norm }", "{ type = relu }", DENSE));

    // 784 values normalized and rectified in one, 10 logits, and a gradient for each.
    assertThat(barrier.activationBytes(3)).isEqualTo(3 * 16 * 4 * 2 * (784 + 10));
    assertThat(barrier.hasBarriers()).isTrue();
    assertThat(plan.hasBarriers()).isFalse();
  }

  @Test
  void startsRunningStatisticsAsAStandardNormalDistribution() {
    NetworkPlan norm = Specs.plan(Texts.layers("{ type = batch-norm, name = bn }", DENSE));

    float[] state = norm.initialState(1, 2);

    assertThat(norm.parameters()).isEqualTo(2 + 7850);
    assertThat(state).hasSize(3 * 7852 + 2);
    assertThat(Arrays.copyOf(state, 2)).containsExactly(1, 0);
    assertThat(Arrays.copyOfRange(state, 3 * 7852, state.length)).containsExactly(0, 1);
    assertThat(norm.stateLayout(2).decayed()).containsExactly(new Range(2, 7842));
  }

  @Test
  void namesWhatStandsInBranchesAfterThem() {
    NetworkPlan plan =
        Specs.plan(
            Texts.layers(
                "{ type = convolution, name = _stem-1, field = 5, feature-maps = 2 }",
                "{ type = repeat, times = 2, first = 1, layers = ["
                    + " { type = concat, name = block, branches = [ [], ["
                    + " { type = convolution, name = 0, field = 1, feature-maps = 3 } ] ] },"
                    + " { type = relu, name = act, input = block } ] }",
                "{ type = gate, name = se, layers = [ { type = global-average-pool },"
                    + " { type = fully-connected, name = fc, outputs = 8 } ] }",
                DENSE));

    assertThat(plan.tensors())
        .extracting(PlannedTensor::name)
        .containsExactly(
            "_stem-1.weight",
            "_stem-1.bias",
            "block.1.0.weight",
            "block.1.0.bias",
            "block.2.0.weight",
            "block.2.0.bias",
            "se.fc.weight",
            "se.fc.bias",
            "dense1.weight",
            "dense1.bias");
    assertThat(plan.shape(plan.steps().size() - 1)).isEqualTo(new Shape(8, 24, 24));
  }

  @Test
  void readsTheNearestOfAName() {
    NetworkPlan plan =
        Specs.plan(
            Texts.layers(
                "{ type = relu, name = a }",
                "{ type = residual, name = block, layers = [ { type = tanh, name = a },"
                    + " { type = relu, name = b }, { type = add, name = c, inputs = [a, b] },"
                    + " { type = add, name = d, inputs = [c, input] } ] }",
                "{ type = add, name = e, inputs = [block, a] }",
                DENSE));

    assertThat(plan.steps())
        .filteredOn(step -> step.join().isPresent())
        .extracting(PlannedStep::name, step -> step.reads().stream().map(plan::name).toList())
        .containsExactly(
            tuple("block.c", List.of("block.a", "block.b")),
            tuple("block.d", List.of("block.c", "input")),
            tuple("block", List.of("block.d", "a")),
            tuple("e", List.of("block", "a")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { type = relu, input = conv } | Cannot read conv in relu1: nothing of that name stands above it.
          { type = relu, name = conv1 }, { type = relu, input = conv2 } | Cannot read conv2 in relu2: nothing of that name stands above it. Did you mean conv1?
          { type = relu, input = relu1 } | Cannot read relu1 in relu1: nothing of that name stands above it.
          { type = relu, name = a }, { type = relu, input = input } | Cannot leave the output of a unread: nothing reads it. Remove the layer, or name it as an input.
          { type = max-pool, name = a }, { type = add, inputs = [a, input] } | Cannot add the inputs of add1: both need one shape, got [1, 14, 14] from a and [1, 28, 28] from the input.
          { type = concat, name = c, branches = [ [], [ { type = max-pool } ] ] } | Cannot concatenate the inputs of c: all need the same rows and columns, got [1, 28, 28] from the input and [1, 14, 14] from c.max_pool1.
          { type = gate, name = g, layers = [ { type = fully-connected, name = f, outputs = 3 } ] } | Cannot multiply the inputs of g: the second needs the shape of the first, or one value a channel, got [1, 28, 28] from the input and [3, 1, 1] from g.f.
          """)
  void saysWhatCannotBeJoined(String layers, String problem) {
    String network = Texts.layers(layers, DENSE);
    assertThatThrownBy(() -> NetworkSpec.parse(network))
        .isInstanceOfSatisfying(
            SpecException.class, e -> assertThat(e.problems()).containsExactly(problem));
  }

  @Test
  void endsAtAnyStep() {
    NetworkPlan whole =
        Specs.plan(
            Texts.layers(
                "{ type = convolution, name = conv, feature-maps = 2, field = 5 }",
                "{ type = residual, name = block, layers = [{ type = batch-norm, name = bn }] }",
                "{ type = max-pool, name = pool, window = 2 }",
                DENSE));

    NetworkPlan block = whole.upTo("block");
    NetworkPlan inside = whole.upTo("block.bn");

    assertThat(block.output()).isEqualTo(new Shape(2, 24, 24));
    assertThat(block.steps())
        .extracting(PlannedStep::name)
        .containsExactly("conv", "block.bn", "block");
    assertThat(block.layers()).hasSize(2);
    assertThat(inside.steps()).hasSize(2);
    assertThat(inside.parameters()).isEqualTo(whole.parameters());
    assertThat(inside.buffers()).isEqualTo(whole.buffers());
    assertThat(whole.upTo("dense1").steps()).isEqualTo(whole.steps());
    assertThatThrownBy(() -> whole.upTo("bn"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the network has no layer bn, expected one of [conv, block.bn, block, pool, dense1]");
  }
}
