package dev.featuremap.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void countsValuesAndFloatsOfABlock() {
    Shape shape = new Shape(16, 5, 4);

    assertThat(shape.size()).isEqualTo(320);
    assertThat(shape.blockSize()).isEqualTo(5120);
    assertThat(shape).hasToString("[16, 5, 4]");
  }

  @Test
  void isFlatAfterAFullyConnectedLayer() {
    assertThat(Shape.ofFeatures(100)).isEqualTo(new Shape(100, 1, 1));
    assertThat(Shape.ofFeatures(100).isFlat()).isTrue();
    assertThat(new Shape(1, 1, 2).isFlat()).isFalse();
  }

  @Test
  void refusesAnEmptyAxis() {
    assertThatThrownBy(() -> new Shape(3, 0, 2))
        .hasMessage("Cannot make a shape of [3, 0, 2]: each axis must be at least 1.");
  }

  @Test
  void refusesABlockBeyondOneArray() {
    assertThatThrownBy(() -> new Shape(1 << 15, 1 << 6, 1 << 6))
        .hasMessage(
            "Cannot make a shape of [32768, 64, 64]: 16 images of it exceed one array of 2^31"
                + " floats.");
  }
}
