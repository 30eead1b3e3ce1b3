package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RmsPropTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new RmsProp(0.9, 1e-3, 0.8, true, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    double g = gradient + (decayed ? 0.1 * values[0] : 0);
    values[1] = 0.9 * values[1] + 0.1 * g * g;
    values[3] = 0.9 * values[3] + 0.1 * g;
    double root = Math.sqrt(values[1] - values[3] * values[3]);
    values[2] = 0.8 * values[2] + g / (root + 1e-3);
    values[0] -= rate * values[2];
  }

  @Test
  void remembersWhatItUses() {
    assertThat(new RmsProp(0.99, 1e-8, 0, false, 0).slots()).isEqualTo(1);
    assertThat(new RmsProp(0.99, 1e-8, 0.9, false, 0).slots()).isEqualTo(2);
    assertThat(new RmsProp(0.99, 1e-8, 0, true, 0).slots()).isEqualTo(2);
  }

  /** After many equal gradients the variance is nothing but rounding, which may be below 0. */
  @Test
  void staysFiniteWhereAllGradientsAreEqual() {
    Optimizer optimizer = new RmsProp(0.5, 1e-8, 0, true, 0);
    StateLayout layout = new StateLayout(3, 2, 0, List.of());
    float[] state = new float[layout.size()];

    for (int step = 1; step <= 100; step++) {
      Updates.once(optimizer, state, layout, new float[] {0.1f, 0.3f, -7.7f}, 1e-9, step);
    }

    for (float value : state) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void refusesAnAlphaOfOne() {
    assertThatThrownBy(() -> new RmsProp(1, 1e-8, 0, false, 0))
        .hasMessage("Cannot use alpha: expected a number from 0 to below 1, got 1.0.");
  }
}
