package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalResponseNormTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new LocalResponseNorm(5, 1e-4, 0.75, 1), new Shape(7, 3, 4)),
        new Case(new LocalResponseNorm(3, 1, 0.75, 2), Shape.ofFeatures(12)),
        new Case(new LocalResponseNorm(4, 2, 0.6, 1), new Shape(5, 2, 4)),
        new Case(new LocalResponseNorm(100, 0.5, 2, 1), new Shape(4, 3, 3)));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 1e-4, 0.75, 2, 9",
    "5, 5, 0.75, 1, 9",
    "2, 1, 0.5, 1, 4",
    "4, 3, 0.75, 0.5, 6",
    "1, 1, 1, 1, 3",
    "3, 1, 1.25, 1, 4",
    "3, 1, 1.5, 1, 4",
    "3, 2, 0.3, 1, 4",
    "9, 2, 0, 1, 3"
  })
  void followsPyTorchsFormula(int size, double alpha, double beta, double k, int channels) {
    Shape shape = new Shape(channels, 5, 4); // 20 pixels: more than a tile has
    new DoubleReference(
            new LocalResponseNorm(size, alpha, beta, k),
            shape,
            0.25,
            2e-6,
            (parameters, image) -> normalized(size, alpha, beta, k, channels, 20, image))
        .verify();
  }

  /** An average over a window of channels with zeros around them, as PyTorch computes it. */
  private static double[] normalized(
      int size, double alpha, double beta, double k, int channels, int plane, double[] image) {
    double[] output = new double[image.length];
    for (int at = 0; at < image.length; at++) {
      double sum = 0;
      for (int tap = 0; tap < size; tap++) {
        int channel = at / plane - size / 2 + tap;
        if (channel >= 0 && channel < channels) {
          double value = image[channel * plane + at % plane];
          sum += value * value;
        }
      }
      output[at] = image[at] / Math.pow(k + alpha * sum / size, beta);
    }
    return output;
  }

  @Test
  void divides() {
    float[] output = Outputs.of(new LocalResponseNorm(3, 3, 0.5, 2), Shape.ofFeatures(3), 1, 2, 3);
    assertThat(output)
        .containsExactly(
            new float[] {
              (float) (1 / Math.sqrt(2 + 1 + 4)),
              (float) (2 / Math.sqrt(2 + 1 + 4 + 9)),
              (float) (3 / Math.sqrt(2 + 4 + 9))
            },
            within(1e-7f));
  }

  @Test
  void rejectsNumbersOutOfRange() {
    assertThatThrownBy(() -> new LocalResponseNorm(5, -1, 0.75, 0))
        .hasMessage(
            "Cannot make a local-response-norm layer: its alpha must be at least 0, its beta from"
                + " 0 to 10 and its k above 0, got -1.0, 0.75 and 0.0.");
    assertThatThrownBy(() -> new LocalResponseNorm(5, 1, 11, 1)).hasMessageContaining("11.0");
    assertThatThrownBy(() -> new LocalResponseNorm(0, 1, 1, 1))
        .hasMessageStartingWith("Cannot make a local-response-norm layer: its size must be from 1");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(new LocalResponseNorm(5, 1e-4, 0.75, 1).summary()).isEqualTo("size 5");
    assertThat(new LocalResponseNorm(5, 1e-3, 0.5, 2).summary())
        .isEqualTo("size 5, alpha 0.001, beta 0.5, k 2.0");
  }
}
