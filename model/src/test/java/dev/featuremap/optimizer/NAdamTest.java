package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.kernel.scalar.ScalarKernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class NAdamTest extends ElementwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new NAdam(0.9, 0.999, 1e-8, 0.1, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    double g = gradient + (decayed ? 0.1 * values[0] : 0);
    double product = 1;
    for (long t = 1; t <= step; t++) {
      product *= momentum(t);
    }
    values[1] = 0.9 * values[1] + 0.1 * g;
    values[2] = 0.999 * values[2] + 0.001 * g * g;
    double root = Math.sqrt(values[2] / (1 - Math.pow(0.999, (double) step))) + 1e-8;
    double next = momentum(step + 1);
    values[0] -= rate * (1 - momentum(step)) / (1 - product) * g / root;
    values[0] -= rate * next / (1 - product * next) * values[1] / root;
  }

  private static double momentum(long step) {
    return 0.9 * (1 - 0.5 * Math.pow(0.96, step * 0.1));
  }

  /** A worker that begins at step 1,000, as after a resume, knows no step before. */
  @Test
  void givesTheSameBitsWhereverItBegins() {
    Optimizer optimizer = optimizer(false);
    StateLayout layout = new StateLayout(1, 2, 0, List.of());
    Update update = optimizer.over(layout, new ScalarKernels());
    float[] gradient = {0.7f};
    for (int last : new int[] {3, 40, 1000}) {
      float[] state = {1, 0.1f, 0.2f};
      for (int step = 1; step <= last; step++) {
        state = new float[] {1, 0.1f, 0.2f};
        update.apply(state, gradient, 1, 0.1, step, 0, 1);
      }
      float[] fresh = {1, 0.1f, 0.2f};
      Updates.once(optimizer, fresh, layout, gradient, 0.1, last);

      assertThat(fresh).isEqualTo(state);
    }
  }

  @Test
  void refusesAMomentumDecayBelowZero() {
    assertThatThrownBy(() -> new NAdam(0.9, 0.999, 1e-8, -1, 0))
        .hasMessage("Cannot use momentum-decay: expected a number of at least 0, got -1.0.");
  }
}
