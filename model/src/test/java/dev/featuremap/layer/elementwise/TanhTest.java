package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TanhTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Tanh(), new Shape(1, 1, 1)),
        new Case(new Tanh(), new Shape(3, 5, 6)),
        new Case(new Tanh(), Shape.ofFeatures(10)));
  }

  @Test
  void isOddAndSaturatesAtOne() {
    assertThat(Outputs.of(new Tanh(), Shape.ofFeatures(3), 0, 40, -40)).containsExactly(0, 1, -1);
  }

  @Test
  void gradientIsOneAtZeroAndVanishesWhereItSaturates() {
    float[] gradient = Outputs.gradientOf(new Tanh(), Shape.ofFeatures(2), 0, 40);
    assertThat(gradient).containsExactly(1, 0);
  }
}
