package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GlobalMaxPoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new GlobalMaxPool(), new Shape(3, 4, 5)),
        new Case(new GlobalMaxPool(), Shape.ofFeatures(4)));
  }

  @Test
  void takesTheLargestOfEachMap() {
    Shape input = new Shape(2, 1, 4);
    assertThat(Outputs.of(new GlobalMaxPool(), input, 1, 6, 3, 2, -1, -4, -2, -3))
        .containsExactly(6, -1);
    assertThat(Outputs.gradientOf(new GlobalMaxPool(), input, 1, 6, 6, 2, -1, -4, -1, -3))
        .containsExactly(0, 1, 0, 0, 1, 0, 0, 0);
  }
}
