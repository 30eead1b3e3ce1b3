package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClipTest extends LayerContract {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final List<String> problems = new ArrayList<>();

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Clip(-1, 1.25), new Shape(3, 5, 6)),
        new Case(new Clip(-INFINITY, 0.6), Shape.ofFeatures(10)),
        new Case(new Clip(0.1, INFINITY), Shape.ofFeatures(10)));
  }

  @BeforeEach
  void forgetProblems() {
    problems.clear();
  }

  @Test
  void givesPytorchsValuesAndGradients() {
    PytorchValues expected =
        new PytorchValues(
            new double[] {-1, -1, -1, -0.25, 0.5, 2, 2.5, 2.5},
            new double[] {0, 0, 0, 1, 1, 1, 0, 0});
    expected.areThoseOf(new Clip(-1, 2.5));
  }

  @Test
  void hasAFloorOrACeilingAlone() {
    Shape three = Shape.ofFeatures(3);
    assertThat(Outputs.of(new Clip(-INFINITY, 2), three, -1e30f, 1, 3))
        .containsExactly(-1e30f, 1, 2);
    assertThat(Outputs.of(new Clip(2, INFINITY), three, -1e30f, 1, 3)).containsExactly(2, 2, 3);
  }

  @Test
  void readsEitherBoundOrBoth() {
    assertThat(read("min = -1, max = 2.5")).isEqualTo(new Clip(-1, 2.5));
    assertThat(read("min = 0.5")).isEqualTo(new Clip(0.5, INFINITY));
    assertThat(read("max = 4")).isEqualTo(new Clip(-INFINITY, 4));
    assertThat(problems).isEmpty();
  }

  @Test
  void summaryNamesTheBounds() {
    assertThat(new Clip(-1, 2.5).summary()).isEqualTo("min -1.0, max 2.5");
    assertThat(new Clip(0.5, INFINITY).summary()).isEqualTo("min 0.5");
    assertThat(new Clip(-INFINITY, 4).summary()).isEqualTo("max 4.0");
  }

  @Test
  void needsABoundAndSomethingBetweenTwo() {
    read("");
    read("min = 3, max = 3");
    read("min = 1, max = 1.00000001");
    read("min = low, max = 1e39");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer clip1: a clip layer needs min, max or both, and min below max.",
            "Cannot use layer clip1: a clip layer needs min, max or both, and min below max, got"
                + " min 3.0, max 3.0.",
            "Cannot use layer clip1: a clip layer needs min, max or both, and min below max, got"
                + " min 1.0, max 1.00000001.",
            "Cannot use layer clip1.min: expected a number of single precision, got \"low\".",
            "Cannot use layer clip1.max: expected a number of single precision, got 1.0E39.");
  }

  @Test
  void rejectsBoundsWithNothingBetween() {
    assertThatThrownBy(() -> new Clip(2, 1))
        .hasMessage(
            "Cannot make a clip layer: it needs min, max or both, and min below max, got 2.0 and"
                + " 1.0.");
  }

  private Clip read(String text) {
    return Clip.read(Options.of(ConfigFactory.parseString(text), "layer clip1", problems));
  }
}
