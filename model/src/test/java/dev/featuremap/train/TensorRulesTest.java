package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.optimizer.StateLayout.Range;
import dev.featuremap.optimizer.StateLayout.Rate;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import dev.featuremap.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorRulesTest {
  private final NetworkPlan network =
      Specs.plan(
          """
          input { shape = [1, 4, 4] }
          layers = [
            { type = convolution, name = stem, field = 3, feature-maps = 2 }
            { type = residual, name = block, layers = [
              { type = convolution, name = conv, field = 1, feature-maps = 2 }
              { type = batch-norm, name = norm } ] }
            { type = dropout, name = drop }
            { type = fully-connected, name = fc, outputs = 3 }
          ]
          """);

  @Test
  void trainsAllTheSameUnlessTold() {
    assertThat(rules("")).isEqualTo(TensorRules.none());
    assertThat(rules("").over(network)).isSameAs(network);
    assertThat(rules("").layout(network, 1)).isEqualTo(network.stateLayout(1));
  }

  @Test
  void freezesLayersAndWhatLiesInABlock() {
    assertThat(trained("freeze = [stem, block]")).containsExactly("fc.weight", "fc.bias");
    assertThat(trained("freeze = \"block.*\""))
        .containsExactly("stem.weight", "stem.bias", "fc.weight", "fc.bias");
  }

  @Test
  void takesLayersOutAgain() {
    assertThat(trained("freeze = [\"*\", \"!fc\"]")).containsExactly("fc.weight", "fc.bias");
    assertThat(trained("freeze = [\"!block.norm\", \"block\"]"))
        .contains("block.norm.weight")
        .doesNotContain("block.conv.weight");
  }

  @Test
  void laysTrainedTensorsEndToEnd() {
    NetworkPlan plan = rules("freeze = [stem]").over(network);

    assertThat(plan.tensors())
        .extracting(PlannedTensor::at)
        .containsExactly(0, 4, 6, 8, 10, 34); // conv 4 + 2, norm 2 + 2, fc 24 + 3
    assertThat(plan.parameters()).isEqualTo(37);
    assertThat(plan.frozen().parameters()).isEqualTo(20);
    assertThat(plan.buffers()).isEqualTo(4);
    assertThat(plan.whole()).isSameAs(network);
  }

  @Test
  void thePatternThatSpellsOutMostGivesTheRate() {
    StateLayout layout =
        rules("rates { \"*\" = 0.5, fc = 10, \"*.bias\" = 2, \"fc.bias\" = 1 }").layout(network, 0);

    assertThat(layout.rates())
        .containsExactly(
            new Rate(new Range(0, 18), 0.5),
            new Rate(new Range(18, 20), 2),
            new Rate(new Range(20, 24), 0.5),
            new Rate(new Range(24, 26), 2),
            new Rate(new Range(26, 28), 0.5),
            new Rate(new Range(28, 30), 2),
            new Rate(new Range(30, 54), 10)); // fc.bias has the usual rate
  }

  @Test
  void sparesTensorsFromDecay() {
    assertThat(rules("no-decay = [\"*conv.*\"]").layout(network, 0).decayed())
        .containsExactly(new Range(0, 18), new Range(30, 54));
  }

  @Test
  void reportsPatternsOfNothing() {
    assertThat(
            problems("freeze = [conv9, \"!fc9\"], rates { \"head.*\" = 2 }, no-decay = [\"x*\"]"))
        .containsExactly(
            "Cannot use train.freeze: no layer is called \"conv9\". The network has stem, block.conv, block.norm, drop, fc.",
            "Cannot use train.freeze: no layer is called \"fc9\". The network has stem, block.conv, block.norm, drop, fc.",
            "Cannot use train.rates: no tensor is called \"head.*\". The network has stem.weight, stem.bias, block.conv.weight, block.conv.bias, block.norm.weight, block.norm.bias, fc.weight, fc.bias.",
            "Cannot use train.no-decay: no tensor is called \"x*\". The network has stem.weight, stem.bias, block.conv.weight, block.conv.bias, block.norm.weight, block.norm.bias, fc.weight, fc.bias.");
  }

  @Test
  void namesTheFirstLayersOfALargeNetwork() {
    NetworkPlan large =
        Specs.plan(
            """
            input { shape = [1, 4, 4] }
            layers = [ { type = repeat, times = 14, layers = [ { type = relu, name = r } ] }
              { type = fully-connected, outputs = 3 } ]
            """);

    assertThat(rules("freeze = [x]").problems(large, "train"))
        .singleElement()
        .asString()
        .endsWith(", r.10, r.11 and 3 more.");
  }

  @Test
  void refusesToTrainNothing() {
    assertThat(problems("freeze = [stem, block, \"f*\"]"))
        .containsExactly(
            "Cannot use train.freeze: it names every layer that has parameters, so nothing would be trained. Leave out what is to be trained, or add \"!fc\".");
  }

  @Test
  void refusesTwoRatesOfEqualRight() {
    assertThat(problems("rates { \"fc*\" = 2, \"*fc\" = 3 }"))
        .containsExactly(
            "Cannot use train.rates: \"*fc\" and \"fc*\" both match fc.weight, spell out equally many characters, and give 3.0 and 2.0. Name fc.weight itself too.");
    assertThat(problems("rates { \"fc*\" = 2, \"*fc\" = 2 }")).isEmpty();
  }

  @Test
  void refusesFactorsThatAreNone() {
    assertThat(read("rates { fc = 0, stem = fast }, no-decay = 7"))
        .containsExactlyInAnyOrder(
            "Cannot use train.rates: \"fc\" must be a number above 0 (layers that shall stay as they are belong into train.freeze), got 0.",
            "Cannot use train.rates: \"stem\" must be a number above 0 (layers that shall stay as they are belong into train.freeze), got \"fast\".");
    assertThat(read("rates = 2, freeze = { a = 1 }, no-decay = [\"\"]"))
        .containsExactlyInAnyOrder(
            "Cannot use train.rates: expected a section { name = number, … }, got 2.",
            "Cannot use train.freeze: expected a list of texts, got {\"a\":1}.",
            "Cannot use train.no-decay: expected a list of texts, got [\"\"].");
  }

  private List<String> trained(String train) {
    return rules(train).over(network).tensors().stream()
        .map(PlannedTensor::name)
        .filter(name -> !name.startsWith("block.norm") || train.contains("norm"))
        .toList();
  }

  private List<String> problems(String train) {
    return rules(train).problems(network, "train");
  }

  private static TensorRules rules(String train) {
    return Specs.training(train).rules();
  }

  private static List<String> read(String train) {
    List<String> problems = new ArrayList<>();
    Options options =
        Options.of(ConfigFactory.parseString(train), Defaults.of("train"), "train", problems);
    TensorRules.read(options);
    return problems;
  }
}
