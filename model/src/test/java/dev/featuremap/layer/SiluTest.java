package dev.featuremap.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SiluTest extends LayerContract {

  @Override
  Stream<Case> cases() {
    return Stream.of(
        new Case(new Silu(), new Shape(3, 5, 6)), new Case(new Silu(), Shape.ofFeatures(10)));
  }

  @Test
  void givesPyTorchsValues() {
    float[] output = Outputs.of(new Silu(), Shape.ofFeatures(4), 0, 1, -1, 0.5f);
    assertThat(output[0]).isZero();
    assertThat(output[1]).isCloseTo(0.7310586f, within(1e-6f));
    assertThat(output[2]).isCloseTo(-0.26894143f, within(1e-6f));
    assertThat(output[3]).isCloseTo(0.31122968f, within(1e-6f));
  }

  @Test
  void saturatesWithoutOverflow() {
    assertThat(Outputs.of(new Silu(), Shape.ofFeatures(2), 1e30f, -1e30f)[0]).isEqualTo(1e30f);
    assertThat(Outputs.gradientOf(new Silu(), Shape.ofFeatures(2), 1e30f, -1e30f))
        .satisfies(
            slopes -> {
              assertThat(slopes[0]).isEqualTo(1f);
              assertThat(slopes[1]).isCloseTo(0f, within(1e-30f));
            });
  }

  @Test
  void passesNaNOn() {
    assertThat(Outputs.of(new Silu(), Shape.ofFeatures(1), Float.NaN)).containsExactly(Float.NaN);
  }
}
