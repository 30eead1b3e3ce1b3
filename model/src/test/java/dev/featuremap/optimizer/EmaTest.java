package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.kernel.KernelLookup;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmaTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new Ema(new Sgd(0.9, false, decays ? 0.1 : 0), 0.75);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    values[1] = 0.9 * values[1] + gradient + (decayed ? 0.1 * values[0] : 0);
    values[0] -= rate * values[1];
    values[2] = 0.75 * values[2] + 0.25 * values[0];
  }

  @Test
  void startsAtTheInitialParametersInItsLastSlot() {
    StateLayout layout = new StateLayout(2, 2, 0, List.of());
    float[] state = {3, 4, 0, 0, 0, 0};

    optimizer(false).start(state, layout);

    assertThat(state).containsExactly(3, 4, 0, 0, 3, 4);
    assertThat(optimizer(false).modelAt(layout)).isEqualTo(4);
  }

  @Test
  void outlivesARestartOfTheOptimizer() {
    float[] state = {3, 4, 5, 6, 7, 8};

    optimizer(false).restart(state, new StateLayout(2, 2, 0, List.of()));

    assertThat(state).containsExactly(3, 4, 0, 0, 7, 8);
  }

  @Test
  void takesWholeTensorsWhereTheOtherOptimizerDoes() {
    StateLayout layout = new StateLayout(4, 2, 0, List.of());

    assertThat(
            new Ema(new Lars(0.9, 0.1, 0), 0.5).over(layout, KernelLookup.kernels()).isDivisible())
        .isFalse();
    assertThat(optimizer(false).over(layout, KernelLookup.kernels()).isDivisible()).isTrue();
  }

  @Test
  void needsADecayBetweenZeroAndOne() {
    assertThatThrownBy(() -> new Ema(new Sgd(0, false, 0), 1))
        .hasMessage("Cannot use ema-decay: expected a number from 0 to below 1, got 1.0.");
    assertThatThrownBy(() -> new Ema(new Sgd(0, false, 0), 0))
        .hasMessage("Cannot use ema-decay: expected a number above 0, got 0.0.");
  }
}
