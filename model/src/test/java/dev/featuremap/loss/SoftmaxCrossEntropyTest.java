package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.tensor.Targets;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest extends LossContract {
  SoftmaxCrossEntropyTest() {
    super(Loss.SOFTMAX_CROSS_ENTROPY);
  }

  @Test
  void isTheLogOfTheClassesForEqualOutputs() {
    LossTally tally = new LossTally();

    over(10).evaluate(new float[160], Targets.of(new int[16], 16), null, tally);

    assertThat(tally.meanLoss()).isCloseTo(Math.log(10), within(1e-6));
  }

  @Test
  void isTheLogOfTheLabelsShare() {
    float[] outputs = new float[3 * 16];
    outputs[0] = 1;
    outputs[16] = 2;
    outputs[32] = 3;
    LossTally tally = new LossTally();

    over(3).evaluate(outputs, Targets.of(new int[] {1}, 1), null, tally);

    // -ln(e² / (e + e² + e³)) = ln(e⁻¹ + 1 + e) = 1.407605964...
    assertThat(tally.lossSum()).isCloseTo(1.4076059644, within(1e-6));
  }

  @Test
  void givesProbabilitiesThatSumToOne() {
    float[] probabilities = new float[4 * 16];
    over(4)
        .probabilities(
            new float[] {
              1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, -1, 2, -3, 4, -5, 6, -7, 8, -9,
              10, -11, 12, -13, 14, -15, 16, 0, 0, 0, 0, 0, 0, 0, 0, 100, 100, 100, 100, 1e4f, 1e4f,
              1e4f, 1e4f, 3, 3, 3, 3, 3, 3, 3, 3, -200, -200, -200, -200, -1e4f, -1e4f, -1e4f, -1e4f
            },
            probabilities);

    for (int lane = 0; lane < 16; lane++) {
      float sum = 0;
      for (int c = 0; c < 4; c++) {
        sum += probabilities[c * 16 + lane];
      }
      assertThat(sum).isCloseTo(1f, within(3e-7f));
    }
  }
}
