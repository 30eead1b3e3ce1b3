package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupNormTest extends LayerContract {
  private static final double EPSILON = 1e-5;

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new GroupNorm(2, EPSILON, true), new Shape(4, 3, 5)),
        new Case(new GroupNorm(1, EPSILON, true), new Shape(3, 5, 6)),
        new Case(new GroupNorm(2, 0.1, true), Shape.ofFeatures(24)),
        new Case(new GroupNorm(3, EPSILON, false), new Shape(3, 3, 7)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 6, 5, 7, 1e-5, true, 0",
    "3, 6, 5, 7, 1e-5, true, 3",
    "6, 6, 5, 7, 0.01, false, -20",
    "4, 48, 1, 1, 1e-5, true, 1",
    "2, 2, 33, 35, 1e-5, true, 0.5"
  })
  void followsPyTorchsFormula(
      int groups, int channels, int rows, int columns, double epsilon, boolean affine, double at) {
    Shape shape = new Shape(channels, rows, columns);
    new DoubleReference(
            new GroupNorm(groups, epsilon, affine),
            shape,
            at,
            1e-5,
            ImageNormFormulas.groups(shape, groups, epsilon, affine))
        .verify();
  }

  @Test
  void seesTheVarianceOfValuesFarFromZero() {
    float[] output =
        Outputs.of(
            new GroupNorm(1, EPSILON, false),
            new Shape(1, 2, 2),
            1_000_000,
            1_000_002,
            1_000_002,
            1_000_000);
    float one = (float) (1 / Math.sqrt(1 + EPSILON));
    assertThat(output).containsExactly(-one, one, one, -one);
  }

  @Test
  void makesAConstantImageZero() {
    assertThat(Outputs.of(new GroupNorm(1, EPSILON, false), new Shape(1, 1, 3), 7, 7, 7))
        .containsOnly(0f);
  }

  @Test
  void namesItsTensorsAsPyTorchDoes() {
    Shape shape = new Shape(4, 2, 2);
    assertThat(new GroupNorm(2, EPSILON, true).parameters(shape))
        .extracting(ParameterSpec::name)
        .containsExactly("weight", "bias");
    assertThat(new GroupNorm(2, EPSILON, true).parameters(shape))
        .extracting(ParameterSpec::decays)
        .containsOnly(false);
    assertThat(new GroupNorm(2, EPSILON, false).parameters(shape)).isEmpty();
  }

  @Test
  void rejectsGroupsThatDoNotDivideTheChannels() {
    assertThatThrownBy(() -> new GroupNorm(3, EPSILON, true).outputShape(new Shape(8, 2, 2)))
        .hasMessage("its 3 groups must divide the channels, got 8");
  }

  @Test
  void rejectsGroupsOfOneValue() {
    assertThatThrownBy(() -> new GroupNorm(8, EPSILON, true).outputShape(Shape.ofFeatures(8)))
        .hasMessage(
            "its 8 groups of [8, 1, 1] have one value each, which is its own mean. Take fewer"
                + " groups");
  }

  @Test
  void rejectsNumbersOutOfRange() {
    assertThatThrownBy(() -> new GroupNorm(2, 0, true))
        .hasMessage(
            "Cannot make a group-norm layer: its epsilon must be above 0 and at most 1, got 0.0.");
    assertThatThrownBy(() -> new GroupNorm(0, EPSILON, true))
        .hasMessageStartingWith("Cannot make a group-norm layer: its groups must be from 1 to");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(new GroupNorm(32, EPSILON, true).summary()).isEqualTo("32 groups");
    assertThat(new GroupNorm(1, 1e-3, false).summary())
        .isEqualTo("1 group, epsilon 0.001, not affine");
  }
}
