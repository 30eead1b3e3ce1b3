package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.tensor.Targets;
import org.junit.jupiter.api.Test;

class SigmoidCrossEntropyTest extends LossContract {
  SigmoidCrossEntropyTest() {
    super(Loss.SIGMOID_CROSS_ENTROPY);
  }

  @Test
  void isOneLogOfTwoForEachClassAtZero() {
    LossTally tally = new LossTally();

    over(10).evaluate(new float[160], Targets.of(new int[16], 16), null, tally);

    assertThat(tally.meanLoss()).isCloseTo(10 * Math.log(2), within(1e-6));
  }

  @Test
  void sumsTheCostOfEachClass() {
    float[] outputs = new float[2 * 16];
    outputs[0] = 2;
    outputs[16] = -1;
    LossTally tally = new LossTally();

    over(2).evaluate(outputs, Targets.of(new int[16], 1), null, tally);

    // ln(1 + e⁻²) + ln(1 + e⁻¹) = 0.126928011 + 0.313261688
    assertThat(tally.lossSum()).isCloseTo(0.440189699, within(1e-6));
  }

  @Test
  void staysExactWithMoreClassesThanOneProductHolds() {
    LossTally tally = new LossTally();

    over(3000).evaluate(new float[3000 * 16], Targets.of(new int[16], 1), null, tally);

    assertThat(tally.lossSum()).isCloseTo(3000 * Math.log(2), within(1e-3));
  }

  @Test
  void givesEachClassItsOwnProbability() {
    float[] probabilities = new float[32];
    float[] outputs = new float[32];
    outputs[0] = 2;

    over(2).probabilities(outputs, probabilities);

    assertThat(probabilities[0]).isCloseTo(0.880797f, within(1e-6f));
    assertThat(probabilities[16]).isEqualTo(0.5f);
  }
}
