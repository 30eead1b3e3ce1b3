package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SigmoidTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Sigmoid(), new Shape(1, 1, 1)),
        new Case(new Sigmoid(), new Shape(3, 5, 6)),
        new Case(new Sigmoid(), Shape.ofFeatures(10)));
  }

  @Test
  void isOneHalfAtZero() {
    assertThat(Outputs.of(new Sigmoid(), Shape.ofFeatures(1), 0)).containsExactly(0.5f);
  }

  @Test
  void gradientIsOneQuarterAtZeroAndVanishesWhereItSaturates() {
    float[] gradient = Outputs.gradientOf(new Sigmoid(), Shape.ofFeatures(2), 0, 40);
    assertThat(gradient).containsExactly(0.25f, 0);
  }
}
