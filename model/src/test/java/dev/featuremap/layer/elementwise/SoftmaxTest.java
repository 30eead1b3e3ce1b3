package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoftmaxTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Softmax(), new Shape(4, 3, 2)),
        new Case(new Softmax(), new Shape(1, 2, 2)),
        new Case(new Softmax(), Shape.ofFeatures(10)));
  }

  /** Of {@code F.softmax} of PyTorch 2.15 in double precision. */
  @Test
  void givesPytorchsValues() {
    float[] output = Outputs.of(new Softmax(), Shape.ofFeatures(4), 1, -2, 0.5f, 3);
    double[] expected = {0.110553750362, 0.005504147128, 0.067054239141, 0.816887863370};
    for (int k = 0; k < expected.length; k++) {
      assertThat((double) output[k]).isCloseTo(expected[k], within(1e-7));
    }
  }

  @Test
  void sumsToOneOverTheChannelsOfAPixel() {
    float[] output = Outputs.of(new Softmax(), new Shape(2, 1, 2), 0, 1000, 0, -1000);
    assertThat(output[0]).isEqualTo(0.5f);
    assertThat(output[2]).isEqualTo(0.5f);
    assertThat(output[1]).isEqualTo(1f);
    assertThat(output[3]).isBetween(0f, 1e-37f);
  }

  @Test
  void gradientsOfAPixelSumToZero() {
    float[] gradient = Outputs.gradientOf(new Softmax(), new Shape(3, 1, 1), 1, 2, 3);
    assertThat(gradient[0] + gradient[1] + gradient[2]).isCloseTo(0f, within(1e-7f));
  }
}
