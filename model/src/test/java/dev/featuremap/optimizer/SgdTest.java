package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SgdTest {

  @Nested
  class Plain extends ElementwiseContract {
    @Override
    Optimizer optimizer(boolean decays) {
      return new Sgd(0, false, decays ? 0.1 : 0);
    }

    @Override
    void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
      values[0] -= rate * (gradient + (decayed ? 0.1 * values[0] : 0));
    }
  }

  @Nested
  class WithMomentum extends ElementwiseContract {
    @Override
    Optimizer optimizer(boolean decays) {
      return new Sgd(0.9, false, decays ? 0.1 : 0);
    }

    @Override
    void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
      values[1] = 0.9 * values[1] + gradient + (decayed ? 0.1 * values[0] : 0);
      values[0] -= rate * values[1];
    }
  }

  @Nested
  class WithNesterovMomentum extends ElementwiseContract {
    @Override
    Optimizer optimizer(boolean decays) {
      return new Sgd(0.9, true, decays ? 0.1 : 0);
    }

    @Override
    void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
      double g = gradient + (decayed ? 0.1 * values[0] : 0);
      values[1] = 0.9 * values[1] + g;
      values[0] -= rate * (g + 0.9 * values[1]);
    }
  }

  @Test
  void remembersAVelocityOnlyWithMomentum() {
    assertThat(new Sgd(0, false, 0).slots()).isZero();
    assertThat(new Sgd(0.5, false, 0).slots()).isEqualTo(1);
  }

  @Test
  void addsUpVelocityOverTwoSteps() {
    float[] state = {1, 0};
    StateLayout layout = new StateLayout(1, 1, 0, List.of());
    Sgd sgd = new Sgd(0.5, false, 0);

    Updates.once(sgd, state, layout, new float[] {2}, 0.25, 1); // v = 2, p = 1 - 0.5
    Updates.once(sgd, state, layout, new float[] {2}, 0.25, 2); // v = 3, p = 0.5 - 0.75

    assertThat(state).containsExactly(-0.25f, 3f);
  }

  @Test
  void looksAheadWithNesterovMomentum() {
    float[] state = {1, 0};
    StateLayout layout = new StateLayout(1, 1, 0, List.of());

    Updates.once(new Sgd(0.5, true, 0), state, layout, new float[] {2}, 0.25, 1);

    assertThat(state).containsExactly(0.25f, 2f); // p = 1 - 0.25 · (2 + 0.5 · 2)
  }

  @Test
  void refusesNesterovWithoutMomentum() {
    assertThatThrownBy(() -> new Sgd(0, true, 0))
        .hasMessage(
            "Cannot use nesterov: it needs a momentum, got momentum 0. Set momentum, for example to"
                + " 0.9.");
  }

  @Test
  void refusesAMomentumOfOne() {
    assertThatThrownBy(() -> new Sgd(1, false, 0))
        .hasMessage("Cannot use momentum: expected a number from 0 to below 1, got 1.0.");
  }

  @Test
  void refusesAWeightDecayThatIsNoNumber() {
    assertThatThrownBy(() -> new Sgd(0, false, Double.NaN))
        .hasMessage("Cannot use weight-decay: expected a number of at least 0, got NaN.");
  }
}
