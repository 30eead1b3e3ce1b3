package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LarsTest extends TensorwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new Lars(0.9, 0.5, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[][] values, double[] gradient, boolean adapted, double rate, long step) {
    double weight = norm(parameters(values));
    double trust = adapted ? 0.5 * weight / (norm(gradient) + 0.1 * weight) : 1;
    for (int i = 0; i < values.length; i++) {
      double g = gradient[i] + (adapted ? 0.1 * values[i][0] : 0);
      values[i][1] = 0.9 * values[i][1] + rate * trust * g;
      values[i][0] -= values[i][1];
    }
  }

  @Test
  void makesStepsOfAShareOfTheTensorsNorm() {
    StateLayout layout = new StateLayout(2, 1, 0, List.of(new StateLayout.Range(0, 2)));
    float[] state = {3, 4, 0, 0};

    Updates.once(new Lars(0, 0.01, 0), state, layout, new float[] {1000, 0}, 2, 1);

    assertThat(state[0]).isCloseTo(2.9f, within(1e-6f)); // 2 · 0.01 · 5
    assertThat(state[1]).isEqualTo(4f);
  }

  @Test
  void refusesATrustCoefficientOfZero() {
    assertThatThrownBy(() -> new Lars(0.9, 0, 0))
        .hasMessage("Cannot use trust-coefficient: expected a number above 0, got 0.0.");
  }
}
