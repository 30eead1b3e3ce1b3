package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HardSigmoidTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new HardSigmoid(), new Shape(3, 5, 6)),
        new Case(new HardSigmoid(), Shape.ofFeatures(10)));
  }

  @Test
  void givesPytorchsValuesAndGradients() {
    PytorchValues expected =
        new PytorchValues(
            new double[] {
              0, 0, 0.333333333333, 0.458333333333, 0.583333333333, 0.833333333333, 1, 1
            },
            new double[] {
              0, 0, 0.166666666667, 0.166666666667, 0.166666666667, 0.166666666667, 0, 0
            });
    expected.areThoseOf(new HardSigmoid());
  }

  @Test
  void passesNaNOn() {
    assertThat(Outputs.of(new HardSigmoid(), Shape.ofFeatures(1), Float.NaN))
        .containsExactly(Float.NaN);
  }
}
