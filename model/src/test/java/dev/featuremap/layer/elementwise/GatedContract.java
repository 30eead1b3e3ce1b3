package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link Gelu}, {@link Silu}, {@link HardSwish} and {@link Mish} have in common. */
abstract class GatedContract extends LayerContract {
  private final LayerSpec layer;

  GatedContract(LayerSpec layer) {
    this.layer = layer;
  }

  @Override
  protected final Stream<Case> cases() {
    return Stream.of(new Case(layer, new Shape(3, 5, 6)), new Case(layer, Shape.ofFeatures(10)));
  }

  abstract PytorchValues valuesOfPytorch();

  @Test
  void givesPytorchsValuesAndGradients() {
    valuesOfPytorch().areThoseOf(layer);
  }

  @Test
  void keepsZero() {
    assertThat(Outputs.of(layer, Shape.ofFeatures(1), 0)).containsExactly(0);
  }

  @Test
  void saturatesWithoutOverflow() {
    assertThat(Outputs.of(layer, Shape.ofFeatures(2), 1e30f, -1e30f)[0]).isEqualTo(1e30f);
    assertThat(Outputs.gradientOf(layer, Shape.ofFeatures(2), 1e30f, -1e30f))
        .satisfies(
            slopes -> {
              assertThat(slopes[0]).isEqualTo(1f);
              assertThat(slopes[1]).isCloseTo(0f, within(1e-30f));
            });
  }

  @Test
  void passesNaNOn() {
    assertThat(Outputs.of(layer, Shape.ofFeatures(1), Float.NaN)).containsExactly(Float.NaN);
  }
}
