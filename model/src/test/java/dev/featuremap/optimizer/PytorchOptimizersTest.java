package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers beside PyTorch's, whose values are in {@code pytorch.conf}. */
class PytorchOptimizersTest {
  private static final List<Integer> STEPS = List.of(1, 2, 3, 10, 30);

  static Stream<Config> cases() {
    File file = new File("src/test/resources/dev/featuremap/optimizer/pytorch.conf");
    return ConfigFactory.parseFile(file).getConfigList("cases").stream().map(Config.class::cast);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takesTheStepsOfPytorch(Config steps) {
    Optimizer optimizer = read(steps.getConfig("optimizer"));
    List<StateLayout.Range> all = List.of(new StateLayout.Range(0, 3));
    StateLayout layout = new StateLayout(3, optimizer.slots(), 0, all);
    float[] state = new float[layout.size()];
    state[0] = 0.5f;
    state[1] = -1.5f;
    state[2] = 2;

    for (int step = 1; step <= 30; step++) {
      float[] gradient = new float[3];
      for (int i = 0; i < 3; i++) {
        gradient[i] = (float) (StrictMath.sin(1.7 * step + i) + 0.3 * i);
      }
      Updates.once(optimizer, state, layout, gradient, 0.01, step);
      if (STEPS.contains(step)) {
        List<Double> expected = doubles(steps, STEPS.indexOf(step));
        for (int i = 0; i < 3; i++) {
          assertThat((double) state[i])
              .as("parameter %s after step %s", i, step)
              .isCloseTo(expected.get(i), within(2e-6));
        }
      }
    }
  }

  private static List<Double> doubles(Config steps, int row) {
    return steps.getList("after").get(row).atKey("row").getDoubleList("row");
  }

  private static Optimizer read(Config settings) {
    List<String> problems = new ArrayList<>();
    Options options = Options.of(settings, Defaults.of("train.optimizer"), "optimizer", problems);
    Optimizer optimizer = Optimizers.read(options);
    options.rejectUnknown();
    assertThat(problems).isEmpty();
    return optimizer;
  }
}
