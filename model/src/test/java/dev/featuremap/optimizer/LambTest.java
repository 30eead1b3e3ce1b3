package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LambTest extends TensorwiseContract {

  @Override
  Optimizer optimizer(boolean decays) {
    return new Lamb(0.9, 0.999, 1e-6, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[][] values, double[] gradient, boolean adapted, double rate, long step) {
    double[] direction = new double[gradient.length];
    for (int i = 0; i < gradient.length; i++) {
      values[i][1] = 0.9 * values[i][1] + 0.1 * gradient[i];
      values[i][2] = 0.999 * values[i][2] + 0.001 * gradient[i] * gradient[i];
      double mean = values[i][1] / (1 - Math.pow(0.9, (double) step));
      double square = values[i][2] / (1 - Math.pow(0.999, (double) step));
      direction[i] = mean / (Math.sqrt(square) + 1e-6) + (adapted ? 0.1 * values[i][0] : 0);
    }
    double trust = adapted ? norm(parameters(values)) / norm(direction) : 1;
    for (int i = 0; i < gradient.length; i++) {
      values[i][0] -= rate * trust * direction[i];
    }
  }

  @Test
  void makesStepsOfTheTensorsNorm() {
    StateLayout layout = new StateLayout(2, 2, 0, List.of(new StateLayout.Range(0, 2)));
    float[] state = {3, 4, 0, 0, 0, 0};

    Updates.once(optimizer(false), state, layout, new float[] {1000, 0}, 0.1, 1);

    assertThat(state[0]).isCloseTo(2.5f, within(1e-6f)); // 3 - 0.1 · 5 / 1 · 1
    assertThat(state[1]).isEqualTo(4f);
  }

  @Test
  void readsItsSettings() {
    List<String> problems = new ArrayList<>();
    Config config = ConfigFactory.parseString("type = lamb, weight-decay = 0.01, epsilon = 1e-6");
    Options options = Options.of(config, Defaults.of("train.optimizer"), "optimizer", problems);

    assertThat(Optimizers.read(options)).isEqualTo(new Lamb(0.9, 0.999, 1e-6, 0.01));
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesABetaOfOne() {
    assertThatThrownBy(() -> new Lamb(1, 0.999, 1e-6, 0))
        .hasMessage("Cannot use beta1: expected a number from 0 to below 1, got 1.0.");
  }
}
