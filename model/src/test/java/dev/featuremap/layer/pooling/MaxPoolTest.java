package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MaxPoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new MaxPool(2, 2, 0), new Shape(2, 4, 6)),
        new Case(new MaxPool(2, 2, 0), new Shape(2, 5, 7)),
        new Case(new MaxPool(3, 2, 0), new Shape(1, 7, 6)),
        new Case(new MaxPool(2, 1, 0), new Shape(2, 3, 4)),
        new Case(new MaxPool(1, 1, 0), new Shape(2, 3, 3)),
        new Case(new MaxPool(2, 3, 0), new Shape(2, 6, 5)),
        new Case(new MaxPool(4, 4, 0), new Shape(3, 4, 4)),
        new Case(new MaxPool(3, 2, 1), new Shape(2, 6, 5)),
        new Case(new MaxPool(2, 2, 1), new Shape(1, 4, 3)));
  }

  @Test
  void keepsTheLargestOfEachWindow() {
    float[] output =
        Outputs.of(new MaxPool(2, 2, 0), new Shape(1, 2, 4), 1, 2, -5, -3, 4, 3, -4, -6);
    assertThat(output).containsExactly(4, -3);
  }

  @Test
  void passesNaNOn() {
    float[] output = Outputs.of(new MaxPool(2, 2, 0), new Shape(1, 2, 2), 1, Float.NaN, 3, 2);
    assertThat(output).containsExactly(Float.NaN);
  }

  @Test
  void sendsTheGradientOfATieToTheFirstMaximum() {
    float[] gradient = Outputs.gradientOf(new MaxPool(2, 2, 0), new Shape(1, 2, 2), 1, 7, 7, 7);
    assertThat(gradient).containsExactly(0, 1, 0, 0);
  }

  @Test
  void neverTakesWhatLiesInThePadding() {
    float[] output = Outputs.of(new MaxPool(3, 2, 1), new Shape(1, 2, 2), -1, -2, -3, -4);
    assertThat(output).containsExactly(-1);
  }

  @Test
  void rejectsAPaddingOfMoreThanHalfTheWindow() {
    assertThatThrownBy(() -> new MaxPool(3, 2, 2))
        .hasMessage("Cannot make a max-pool layer: its padding must be from 0 to 1, got 2.");
    assertThat(new MaxPool(3, 2, 1).summary()).isEqualTo("3×3, stride 2, padding 1");
  }

  @Test
  void halvesTwentyFourPixels() {
    Shape output = new MaxPool(2, 2, 0).outputShape(new Shape(20, 24, 24));
    assertThat(output).isEqualTo(new Shape(20, 12, 12));
  }

  @Test
  void rejectsAnInputSmallerThanItsWindow() {
    assertThatThrownBy(() -> new MaxPool(3, 3, 0).outputShape(new Shape(20, 2, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("its 3×3 window does not fit into [20, 2, 4]");
  }

  @Test
  void rejectsAnEmptyWindowAndAStrideBelowOne() {
    assertThatThrownBy(() -> new MaxPool(0, 1, 0))
        .hasMessage("Cannot make a max-pool layer: its window must be from 1 to 65536, got 0.");
    assertThatThrownBy(() -> new MaxPool(2, 0, 0)).hasMessageContaining("its stride");
  }

  @Test
  void summaryNamesAStrideThatDiffersFromTheWindow() {
    assertThat(new MaxPool(2, 2, 0).summary()).isEqualTo("2×2");
    assertThat(new MaxPool(3, 2, 0).summary()).isEqualTo("3×3, stride 2");
  }
}
