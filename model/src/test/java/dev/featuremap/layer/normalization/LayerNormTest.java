package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerNormTest extends LayerContract {
  private static final double EPSILON = 1e-5;

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new LayerNorm(EPSILON, true), Shape.ofFeatures(30)),
        new Case(new LayerNorm(0.1, true), new Shape(8, 3, 3)),
        new Case(new LayerNorm(0.1, false), new Shape(10, 2, 4)));
  }

  @ParameterizedTest
  @CsvSource({
    "40, 1, 1, 1e-5, true, 0",
    "24, 3, 5, 1e-6, true, 1",
    "24, 3, 5, 1e-2, false, -10",
    "12, 9, 9, 1e-5, true, 0.5" // 81 pixels: more than a tile has
  })
  void followsPyTorchsFormula(
      int channels, int rows, int columns, double epsilon, boolean affine, double at) {
    Shape shape = new Shape(channels, rows, columns);
    new DoubleReference(
            new LayerNorm(epsilon, affine),
            shape,
            at,
            1e-5,
            ImageNormFormulas.pixels(shape, epsilon, affine))
        .verify();
  }

  @Test
  void namesItsTensorsAsPyTorchDoes() {
    assertThat(new LayerNorm(EPSILON, true).parameters(new Shape(4, 2, 2)))
        .extracting(ParameterSpec::name)
        .containsExactly("weight", "bias");
    assertThat(new LayerNorm(EPSILON, false).parameters(new Shape(4, 2, 2))).isEmpty();
  }

  @Test
  void rejectsASingleChannel() {
    assertThatThrownBy(() -> new LayerNorm(EPSILON, true).outputShape(new Shape(1, 4, 4)))
        .hasMessage(
            "it normalizes the channels of each pixel, got [1, 4, 4] with one channel, which is"
                + " its own mean. Take group-norm with one group, or batch-norm");
  }

  @Test
  void rejectsAnEpsilonOutOfRange() {
    assertThatThrownBy(() -> new LayerNorm(-1, true))
        .hasMessage(
            "Cannot make a layer-norm layer: its epsilon must be above 0 and at most 1, got -1.0.");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(new LayerNorm(EPSILON, true).summary()).isEmpty();
    assertThat(new LayerNorm(1e-6, false).summary()).isEqualTo("epsilon 1.0E-6, not affine");
  }
}
