package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EluTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Elu(1), new Shape(3, 5, 6)), new Case(new Elu(0.5), Shape.ofFeatures(10)));
  }

  @Test
  void givesPytorchsValuesAndGradients() {
    PytorchValues expected =
        new PytorchValues(
            new double[] {
              -0.498760623912, -0.475106465816, -0.316060279414, -0.110599608464, 0.5, 2, 3.5, 7
            },
            new double[] {
              0.001239376088, 0.024893534184, 0.183939720586, 0.389400391536, 1, 1, 1, 1
            });
    expected.areThoseOf(new Elu(0.5));
  }

  @Test
  void losesNoDigitsNearZero() {
    assertThat(Outputs.of(new Elu(1), Shape.ofFeatures(2), -1e-6f, -1e-20f))
        .containsExactly((float) StrictMath.expm1(-1e-6f), -1e-20f);
  }

  @Test
  void saturatesAtMinusAlphaAndPassesNaNOn() {
    assertThat(Outputs.of(new Elu(0.5), Shape.ofFeatures(3), -1e30f, 1e30f, Float.NaN))
        .containsExactly(-0.5f, 1e30f, Float.NaN);
  }

  @Test
  void summaryNamesAnUnusualAlpha() {
    assertThat(new Elu(1).summary()).isEmpty();
    assertThat(new Elu(0.5).summary()).isEqualTo("alpha 0.5");
  }

  @Test
  void rejectsAnAlphaOfZero() {
    assertThatThrownBy(() -> new Elu(0))
        .hasMessage("Cannot make an elu layer: its alpha must be above 0, got 0.0.");
    assertThatThrownBy(() -> new Elu(1e-60)).hasMessageContaining("got 1.0E-60.");
  }
}
