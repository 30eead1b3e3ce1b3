package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Relu6Test extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Relu6(), new Shape(3, 5, 6)), new Case(new Relu6(), Shape.ofFeatures(10)));
  }

  @Test
  void givesPytorchsValuesAndGradients() {
    PytorchValues expected =
        new PytorchValues(
            new double[] {0, 0, 0, 0, 0.5, 2, 3.5, 6}, new double[] {0, 0, 0, 0, 1, 1, 1, 0});
    expected.areThoseOf(new Relu6());
  }

  @Test
  void passesNaNOn() {
    assertThat(Outputs.of(new Relu6(), Shape.ofFeatures(1), Float.NaN)).containsExactly(Float.NaN);
  }

  @Test
  void gradientIsZeroAtBothBends() {
    float[] gradient =
        Outputs.gradientOf(
            new Relu6(), Shape.ofFeatures(4), 0, Float.MIN_VALUE, Math.nextDown(6f), 6);
    assertThat(gradient).containsExactly(0, 1, 1, 0);
  }
}
