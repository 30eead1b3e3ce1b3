package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LionTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new Lion(0.9, 0.99, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    values[0] -= decayed ? rate * 0.1 * values[0] : 0;
    values[0] -= rate * Math.signum(0.9 * values[1] + 0.1 * gradient);
    values[1] = 0.99 * values[1] + 0.01 * gradient;
  }

  @Test
  void staysWhereThereIsNoGradient() {
    StateLayout layout = new StateLayout(2, 1, 0, List.of());
    float[] state = {3, 4, 0, 0};

    Updates.once(optimizer(false), state, layout, new float[] {0, 1e-20f}, 0.5, 1);

    assertThat(state[0]).isEqualTo(3f);
    assertThat(state[1]).isEqualTo(3.5f); // 4 - 0.5 · sign
  }

  @Test
  void refusesABetaOfOne() {
    assertThatThrownBy(() -> new Lion(0.9, 1, 0))
        .hasMessage("Cannot use beta2: expected a number from 0 to below 1, got 1.0.");
  }
}
