package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizersTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void choosesAdamByDefault() {
    assertThat(read("")).isEqualTo(new Adam(0.9, 0.999, 1e-8, 0));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsSgd() {
    assertThat(read("type = sgd, momentum = 0.9, nesterov = true, weight-decay = 1e-4"))
        .isEqualTo(new Sgd(0.9, true, 1e-4));
    assertThat(problems).isEmpty();
  }

  @Test
  void readsAdam() {
    assertThat(read("type = adam, beta1 = 0.8, beta2 = 0.99, epsilon = 1e-6, weight-decay = 0.1"))
        .isEqualTo(new Adam(0.8, 0.99, 1e-6, 0.1));
  }

  @Test
  void readsAdamWWithThePapersDefaults() {
    assertThat(read("type = adamw")).isEqualTo(new AdamW(0.9, 0.999, 1e-8, 0));
  }

  @Test
  void readsLars() {
    assertThat(read("type = lars, momentum = 0.9, weight-decay = 5e-4"))
        .isEqualTo(new Lars(0.9, 0.001, 5e-4));
    assertThat(read("type = lars, trust-coefficient = 0.02")).isEqualTo(new Lars(0, 0.02, 0));
  }

  @Test
  void readsRmspropLionAndNadam() {
    assertThat(read("type = rmsprop")).isEqualTo(new RmsProp(0.99, 1e-8, 0, false, 0));
    assertThat(read("type = rmsprop, alpha = 0.9, momentum = 0.8, centered = true"))
        .isEqualTo(new RmsProp(0.9, 1e-8, 0.8, true, 0));
    assertThat(read("type = lion, weight-decay = 0.1")).isEqualTo(new Lion(0.9, 0.99, 0.1));
    assertThat(read("type = lion, beta2 = 0.999")).isEqualTo(new Lion(0.9, 0.999, 0));
    assertThat(read("type = nadam")).isEqualTo(new NAdam(0.9, 0.999, 1e-8, 0.004, 0));
    assertThat(problems).isEmpty();
  }

  @Test
  void takesKeysOfOtherTypes() {
    read("type = sgd, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8");
    read("type = adam, momentum = 0.9, nesterov = true");

    assertThat(problems).isEmpty();
  }

  @Test
  void reportsEveryProblemAtOnce() {
    read(
        "type = adagrad, momentum = 1, weight-decay = -1, beta1 = 2, epsilon = 0, trust-coefficient"
            + " = 0, momentun = 0.9");

    assertThat(problems)
        .containsExactly(
            "Cannot use optimizer.type: expected one of "
                + String.join(", ", Optimizers.names())
                + ", got \"adagrad\".",
            "Cannot use optimizer.momentum: expected a number from 0 to below 1, got 1.",
            "Cannot use optimizer.weight-decay: expected a number of at least 0, got -1.",
            "Cannot use optimizer.beta1: expected a number from 0 to below 1, got 2.",
            "Cannot use optimizer.epsilon: expected a number from 1e-30 to 1, got 0.",
            "Cannot use optimizer.trust-coefficient: expected a number above 0, got 0.",
            "Cannot use optimizer.momentun: unknown key. Did you mean optimizer.momentum?");
  }

  @Test
  void refusesNesterovWithoutMomentum() {
    read("type = sgd, nesterov = true");

    assertThat(problems)
        .containsExactly(
            "Cannot use optimizer.nesterov: it needs a momentum, got momentum 0. Set momentum, for"
                + " example to 0.9.");
  }

  @Test
  void anOptimizersOwnDefaultGoesBeforeTheSharedOne() {
    OptimizerSetting shared = OptimizerSetting.BETA2;
    OptimizerSetting own = shared.withDefault(0.99);
    Options empty =
        Options.of(ConfigFactory.empty(), Defaults.of("train.optimizer"), "optimizer", problems);

    assertThat(own.read(empty)).isEqualTo(0.99);
    assertThat(shared.read(empty)).isEqualTo(0.999);
    assertThat(own.preset()).contains(0.99);
    assertThat(shared.preset()).isEmpty();
  }

  @Test
  void tellsWhatEachOptimizerUses() {
    assertThat(Optimizers.settings("lars"))
        .containsExactly("momentum", "trust-coefficient", "weight-decay");
    assertThat(Optimizers.settings("adam"))
        .containsExactly("beta1", "beta2", "epsilon", "weight-decay");
  }

  private Optimizer read(String config) {
    Options options =
        Options.of(
            ConfigFactory.parseString(config),
            Defaults.of("train.optimizer"),
            "optimizer",
            problems);
    Optimizer optimizer = Optimizers.read(options);
    options.rejectUnknown();
    return optimizer;
  }
}
