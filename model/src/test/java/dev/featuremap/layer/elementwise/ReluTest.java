package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReluTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Relu(), new Shape(1, 1, 1)),
        new Case(new Relu(), new Shape(3, 5, 6)),
        new Case(new Relu(), Shape.ofFeatures(10)));
  }

  @Test
  void cutsOffNegativeActivations() {
    float[] output = Outputs.of(new Relu(), Shape.ofFeatures(4), -2, -0f, 0.5f, 3);
    assertThat(output).containsExactly(0, 0, 0.5f, 3);
  }

  @Test
  void passesNaNOn() {
    assertThat(Outputs.of(new Relu(), Shape.ofFeatures(1), Float.NaN)).containsExactly(Float.NaN);
  }

  @Test
  void gradientIsZeroAtZeroAndOneForTheSmallestPositiveActivation() {
    float[] gradient =
        Outputs.gradientOf(
            new Relu(), Shape.ofFeatures(4), 0, -0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY);
    assertThat(gradient).containsExactly(0, 0, 1, 1);
  }
}
