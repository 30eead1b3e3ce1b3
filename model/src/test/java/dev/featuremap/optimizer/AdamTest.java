package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new Adam(0.9, 0.999, 1e-8, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    double g = gradient + (decayed ? 0.1 * values[0] : 0);
    values[1] = 0.9 * values[1] + 0.1 * g;
    values[2] = 0.999 * values[2] + 0.001 * g * g;
    double mean = values[1] / (1 - Math.pow(0.9, (double) step));
    double square = values[2] / (1 - Math.pow(0.999, (double) step));
    values[0] -= rate * mean / (Math.sqrt(square) + 1e-8);
  }

  @Test
  void movesByTheLearningRateInTheFirstStepWhateverTheGradient() {
    float[] state = {1, 1, 1, 0, 0, 0, 0, 0, 0};
    StateLayout layout = new StateLayout(3, 2, 0, List.of());

    Updates.once(optimizer(false), state, layout, new float[] {1e-4f, -3, 1000}, 0.125, 1);

    assertThat(state[0]).isCloseTo(0.875f, within(2e-5f)); // epsilon is 1e-4 of this gradient
    assertThat(state[1]).isCloseTo(1.125f, within(1e-6f));
    assertThat(state[2]).isCloseTo(0.875f, within(1e-6f));
  }

  @Test
  void staysPutWithoutAGradient() {
    float[] state = {1, 0, 0};

    Updates.once(
        optimizer(false), state, new StateLayout(1, 2, 0, List.of()), new float[1], 0.1, 1);

    assertThat(state).containsExactly(1, 0, 0);
  }

  @Test
  void keepsSteppingAfterManyUpdates() {
    float[] state = {1, 0.5f, 0.25f};

    Updates.once(
        optimizer(false),
        state,
        new StateLayout(1, 2, 0, List.of()),
        new float[] {0.5f},
        0.1,
        1_000_000_000L);

    assertThat(state[0]).isCloseTo(0.9f, within(1e-6f)); // m / √v = 0.5 / 0.5
  }

  @Test
  void refusesABetaOfOne() {
    assertThatThrownBy(() -> new Adam(1, 0.999, 1e-8, 0))
        .hasMessage("Cannot use beta1: expected a number from 0 to below 1, got 1.0.");
  }

  @Test
  void refusesAnEpsilonOfZero() {
    assertThatThrownBy(() -> new Adam(0.9, 0.999, 0, 0))
        .hasMessage("Cannot use epsilon: expected a number from 1e-30 to 1, got 0.0.");
  }
}
