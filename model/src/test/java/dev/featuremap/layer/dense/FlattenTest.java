package dev.featuremap.layer.dense;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlattenTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Flatten(), new Shape(1, 1, 1)),
        new Case(new Flatten(), new Shape(3, 5, 6)),
        new Case(new Flatten(), Shape.ofFeatures(10)));
  }

  @Test
  void readsChannelsThenRowsThenColumns() {
    Shape shape = new Shape(2, 1, 2);
    assertThat(new Flatten().outputShape(shape)).isEqualTo(Shape.ofFeatures(4));
    assertThat(Outputs.of(new Flatten(), shape, 1, 2, 3, 4)).containsExactly(1, 2, 3, 4);
  }
}
