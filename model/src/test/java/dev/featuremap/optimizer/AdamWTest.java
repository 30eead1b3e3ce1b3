package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new AdamW(0.9, 0.999, 1e-8, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    double g = gradient;
    values[0] -= decayed ? rate * 0.1 * values[0] : 0;
    values[1] = 0.9 * values[1] + 0.1 * g;
    values[2] = 0.999 * values[2] + 0.001 * g * g;
    double mean = values[1] / (1 - Math.pow(0.9, (double) step));
    double square = values[2] / (1 - Math.pow(0.999, (double) step));
    values[0] -= rate * mean / (Math.sqrt(square) + 1e-8);
  }

  @Test
  void shrinksParametersByRateTimesDecayWithoutAGradient() {
    float[] state = {2, 2, 0, 0, 0, 0};
    StateLayout layout = new StateLayout(2, 2, 0, List.of(new StateLayout.Range(0, 1)));

    Updates.once(optimizer(true), state, layout, new float[2], 0.5, 1);

    assertThat(state[0]).isCloseTo(1.9f, within(1e-6f)); // 2 · (1 - 0.5 · 0.1)
    assertThat(state[1]).isEqualTo(2f);
  }

  @Test
  void refusesABetaOfOne() {
    assertThatThrownBy(() -> new AdamW(1, 0.999, 1e-8, 0))
        .hasMessage("Cannot use beta1: expected a number from 0 to below 1, got 1.0.");
  }

  @Test
  void refusesAnEpsilonOfZero() {
    assertThatThrownBy(() -> new AdamW(0.9, 0.999, 0, 0))
        .hasMessage("Cannot use epsilon: expected a number from 1e-30 to 1, got 0.0.");
  }
}
