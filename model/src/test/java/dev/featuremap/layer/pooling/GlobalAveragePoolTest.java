package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GlobalAveragePoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new GlobalAveragePool(), new Shape(3, 4, 5)),
        new Case(new GlobalAveragePool(), Shape.ofFeatures(4)));
  }

  @Test
  void takesTheMeanOfEachMap() {
    float[] output =
        Outputs.of(new GlobalAveragePool(), new Shape(2, 1, 4), 1, 2, 3, 6, -1, 0, 0, -3);
    assertThat(output).containsExactly(3, -1);
  }
}
