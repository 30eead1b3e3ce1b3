package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.spec.SpecException;
import dev.featuremap.testing.Specs;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSpecTest {
  private static final String DENSE = "{ type = fully-connected, name = dense1, outputs = 10 }";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"other.conf\"",
        "include file(\"/etc/hostname\")",
        "include url(\"file:/etc/hostname\")",
        "include classpath(\"reference.conf\")"
      })
  void refusesIncludes(String include) {
    assertThatThrownBy(() -> NetworkSpec.parse(include))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("is not supported. Copy its settings into this file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HOME", "java.io.tmpdir"})
  void knowsNothingOfItsSurroundings(String name) {
    assertThatThrownBy(() -> NetworkSpec.parse("loss = ${" + name + "}"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("${" + name + "}")
        .hasMessageContaining("Cannot parse the network: ");
  }

  @Test
  void namesLayersByTypeAndNumber() {
    NetworkSpec network =
        NetworkSpec.parse(
            Texts.layers(
                "{ type = max-pool }",
                "{ type = relu }",
                "{ type = max-pool, name = shrink }",
                "{ type = max-pool }",
                "{ type = fully-connected, outputs = 10 }"));

    assertThat(network.layers())
        .extracting(NetworkPart::name)
        .containsExactly("max_pool1", "relu1", "shrink", "max_pool3", "fully_connected1");
  }

  @Test
  void comparesBySoftmaxUnlessTold() {
    assertThat(NetworkSpec.parse(Texts.THREE_MAPS).loss().toString())
        .isEqualTo("softmax-cross-entropy");
    assertThat(
            NetworkSpec.parse("loss = sigmoid-cross-entropy\n" + Texts.THREE_MAPS)
                .loss()
                .toString())
        .isEqualTo("sigmoid-cross-entropy");
  }

  @Test
  void readsSubstitutions() {
    NetworkSpec network =
        NetworkSpec.parse(
            "loss = sigmoid-cross-entropy, input { shape = [1, 2, 2] }, layers = [ { type ="
                + " fully-connected, outputs = 10 } ], input.mean = ${input.deviation},"
                + " input.deviation = 0.5");

    assertThat(network.input().means()).containsExactly(0.5);
  }

  @Test
  void refusesEqualNames() {
    assertProblems(
        Texts.layers("{ type = relu, name = a }", "{ type = tanh, name = a }", DENSE),
        "Cannot name two layers a: names must differ.");
  }

  @Test
  void refusesANameThatAnUnnamedLayerGets() {
    assertProblems(
        Texts.layers("{ type = tanh, name = relu1 }", "{ type = relu }", DENSE),
        "Cannot name two layers relu1: names must differ.");
  }

  @Test
  void refusesNamesThatTensorsCannotCarry() {
    assertProblems(
        Texts.layers("{ type = relu, name = -b }", "{ type = relu, name = \"a..b\" }", DENSE),
        "Cannot name a layer -b: expected letters, digits, underscores or hyphens, in parts joined"
            + " by dots.",
        "Cannot name a layer a..b: expected letters, digits, underscores or hyphens, in parts"
            + " joined by dots.");
  }

  @Test
  void refusesABlankNameOnce() {
    assertProblems(
        Texts.layers("{ type = relu, name = \" \" }", DENSE),
        "Cannot use layer 1.name: expected a text, got \" \".");
  }

  @Test
  void namesTheNearestKeyOfAnUnknownOne() {
    assertProblems(
        "los = softmax-cross-entropy\n" + Texts.THREE_MAPS,
        "Cannot use network.los: unknown key. Did you mean network.loss?");
    assertProblems(
        "input { shap = 1 }\n" + Texts.THREE_MAPS,
        "Cannot use network.input.shap: unknown key. Did you mean network.input.shape?");
    assertProblems(
        Texts.layers("{ type = max-pool, windw = 2 }", DENSE),
        "Cannot use layer 1.windw: unknown key. Did you mean layer 1.window?");
  }

  @Test
  void reportsSeveralProblemsAtOnce() {
    Set<String> known = new TreeSet<>(LayerTypes.names());
    known.addAll(List.of("add", "concat", "gate", "multiply", "repeat", "residual"));
    assertProblems(
        """
        inptu { shape = [1, 28] }
        loss = hinge
        layers = [
          { type = max-pol }
          { type = fully-connected }
          { name = last }
        ]
        """,
        "Cannot read network.input.shape: expected [channels, height, width], got [].",
        "Cannot use network.loss: expected one of softmax-cross-entropy, sigmoid-cross-entropy, got"
            + " \"hinge\".",
        "Cannot read layer 1: unknown layer type max-pol. Did you mean max-pool?",
        "Cannot read layer 2.outputs: it is required.",
        "Cannot read layer 3: its type is required. Known types: " + String.join(", ", known) + ".",
        "Cannot use network.inptu: unknown key. Did you mean network.input?");
  }

  @Test
  void refusesANetworkWithoutLayers() {
    assertProblems(Texts.layers(), "Cannot build a network: layers must list at least one layer.");
  }

  @Test
  void refusesTextThatIsNotHocon() {
    assertThatThrownBy(() -> NetworkSpec.parse("layers = ["))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("Cannot parse the network: text: 1: ");
  }

  @Test
  void refusesASubstitutionOfNothing() {
    assertThatThrownBy(() -> NetworkSpec.parse("loss = ${network-loss-of-nobody}"))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "Cannot parse the network: text: 1: Could not resolve substitution to a value:"
                + " ${network-loss-of-nobody}");
  }

  private static void assertProblems(String hocon, String... problems) {
    assertThatThrownBy(() -> NetworkSpec.parse(hocon))
        .isInstanceOfSatisfying(
            SpecException.class, e -> assertThat(e.problems()).isEqualTo(List.of(problems)));
  }

  @Test
  void repeatsLayersUnderNumberedNames() {
    NetworkPlan plan =
        Specs.plan(
            Texts.layers(
                "{ type = repeat, times = 2, first = 1, layers = [ { type = fully-connected, name ="
                    + " hidden, outputs = 9 }, { type = relu } ] }",
                DENSE));

    assertThat(plan.layers())
        .extracting(PlannedLayer::name)
        .containsExactly("hidden.1", "relu1", "hidden.2", "relu2", "dense1");
  }

  @Test
  void putsTheNumberOfARepetitionWhereTheNameHasIt() {
    NetworkPlan plan =
        Specs.plan(
            Texts.layers(
                "{ type = repeat, times = 2, first = 3, layers = ["
                    + " { type = fully-connected, name = \"block{n}-a\", outputs = 9 },"
                    + " { type = relu, name = act },"
                    + " { type = add, name = \"sum{n}\", inputs = [\"block{n}-a\", act] },"
                    + " { type = repeat, times = 1, layers = ["
                    + " { type = fully-connected, name = \"b{n}\", outputs = 9 } ] } ] }",
                DENSE));

    assertThat(plan.steps())
        .extracting(PlannedStep::name)
        .containsExactly(
            "block3-a", "act.3", "sum3", "b0.3", "block4-a", "act.4", "sum4", "b0.4", "dense1");
    assertProblems(
        Texts.layers("{ type = relu, name = \"act{n}\" }", DENSE),
        "Cannot name a layer act{n}: expected letters, digits, underscores or hyphens, in parts joined by dots. {n} stands for a number in a repeat.");
  }

  @Test
  void namesWhatStandsInAResidualAfterIt() {
    NetworkPlan plan =
        Specs.plan(
            Texts.layers(
                "{ type = residual, name = block, layers = ["
                    + " { type = convolution, field = 1, feature-maps = 2, bias = false },"
                    + " { type = batch-norm, name = bn } ],"
                    + " shortcut = [ { type = convolution, field = 1, feature-maps = 2 } ] }",
                DENSE));

    assertThat(plan.tensors())
        .extracting(PlannedTensor::name)
        .containsExactly(
            "block.convolution1.weight",
            "block.bn.weight",
            "block.bn.bias",
            "block.convolution2.weight",
            "block.convolution2.bias",
            "dense1.weight",
            "dense1.bias");
    assertThat(plan.bufferTensors())
        .extracting(PlannedTensor::name)
        .containsExactly("block.bn.running_mean", "block.bn.running_var");
  }

  @Test
  void refusesAResidualAndARepeatThatAreWrong() {
    assertProblems(
        Texts.layers(
            "{ type = residual, layers = [], shortcut = [ { type = relux } ] }",
            "{ type = repeat, name = twice, times = 0, layer = [], layers = [ { type = relu } ] }",
            "{ type = repeat, times = 10000, layers = [ { type = relu }, { type = relu } ] }",
            DENSE),
        "Cannot read layer 1: the layers of a residual must list at least one layer.",
        "Cannot read layer 1.shortcut.1: unknown layer type relux. Did you mean relu?",
        "Cannot use layer 2.times: expected an integer from 1 to 10000, got 0.",
        "Cannot use layer 2.layer: unknown key. Did you mean layer 2.layers?",
        "Cannot name layer 2 twice: a repeat has no name. Name the layers in it.",
        "Cannot repeat layer 3 10000 times: expected at most 10000 layers.");
  }

  @Test
  void refusesANetworkOfTooManyLayers() {
    assertProblems(
        Texts.layers(
            "{ type = repeat, times = 6000, layers = [ { type = relu } ] }",
            "{ type = repeat, times = 6000, layers = [ { type = relu } ] }",
            DENSE),
        "Cannot build a network: expected at most 10000 layers, got more.");
  }

  @Test
  void refusesANameThatAResidualMakesTwice() {
    assertProblems(
        Texts.layers(
            "{ type = relu, name = block.act }",
            "{ type = residual, name = block, layers = [ { type = relu, name = act } ] }",
            DENSE),
        "Cannot name two layers block.act: names must differ.");
  }

  @Test
  void refusesJoinsOfTooLittle() {
    assertProblems(
        Texts.layers(
            "{ type = gate, layers = [] }",
            "{ type = concat, branches = [ [ { type = relu } ] ] }",
            "{ type = concat, inputs = [relu1] }",
            "{ type = add, inputs = [a, b, c] }",
            "{ type = multiply, input = [a, b] }",
            "{ type = concat, branches = [ { type = relu } ] }",
            "{ type = concat, branches = [ [], [ { type = relux } ] ] }",
            DENSE),
        "Cannot read layer 1: the layers of a gate must list at least one layer.",
        "Cannot read layer 2: a concat needs at least two branches = [ [ … ], [ … ] ], or inputs ="
            + " [ … ].",
        "Cannot read layer 3: expected inputs = [ … ] with the names of at least two layers, got 1.",
        "Cannot read layer 4: expected inputs = [ … ] with the names of two layers, got 3.",
        "Cannot use layer 5.input: unknown key. Did you mean layer 5.inputs?",
        "Cannot read layer 5: expected inputs = [ … ] with the names of two layers, got 0.",
        "Cannot use layer 6.branches: expected a list of lists of sections, got"
            + " [{\"type\":\"relu\"}].",
        "Cannot read layer 6: a concat needs at least two branches = [ [ … ], [ … ] ], or inputs ="
            + " [ … ].",
        "Cannot read layer 7.branches.2.1: unknown layer type relux. Did you mean relu?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"} {", "}{", "}\t{"})
  void refusesObjectsOfAListThatWouldBecomeOne(String between) {
    String network = "\nlayers = [ { type = relu " + between + " type = tanh }\n" + DENSE + " ]";
    assertProblems(
        network,
        "Cannot parse the network: line 2 has two objects of a list with nothing between them,"
            + " which would become one. Put a comma between } and {.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"},{", "}\n{", "} # and {\n {", "} // {\n {", "} , {"})
  void takesObjectsOfAListThatAreApart(String between) {
    NetworkSpec network =
        NetworkSpec.parse(
            "input = { shape = [1, 2, 2] } { mean = 0.5 }\n"
                + "layers = [ { type = relu "
                + between
                + " type = tanh }\n"
                + DENSE
                + " ]");
    assertThat(network.layers()).hasSize(3);
  }
}
