package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AveragePoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new AveragePool(2, 2), new Shape(2, 4, 6)),
        new Case(new AveragePool(2, 2), new Shape(2, 5, 7)),
        new Case(new AveragePool(3, 2), new Shape(1, 7, 6)),
        new Case(new AveragePool(2, 1), new Shape(2, 3, 4)),
        new Case(new AveragePool(1, 1), new Shape(2, 3, 3)),
        new Case(new AveragePool(2, 3), new Shape(2, 6, 5)),
        new Case(new AveragePool(4, 4), new Shape(3, 4, 4)));
  }

  @Test
  void takesTheMeanOfEachWindow() {
    float[] output = Outputs.of(new AveragePool(2, 2), new Shape(1, 2, 2), 1, 2, 4, 9);
    assertThat(output).containsExactly(4);
  }

  @Test
  void sharesTheGradientEvenly() {
    float[] gradient = Outputs.gradientOf(new AveragePool(2, 2), new Shape(1, 2, 2), 1, 2, 4, 9);
    assertThat(gradient).containsOnly(0.25f);
  }
}
