package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import dev.featuremap.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OuterMomentumTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void isPlainAveragingByDefault() {
    assertThat(read("")).isEqualTo(OuterMomentum.NONE);
    assertThat(OuterMomentum.NONE.emptyMemory(3)).isEmpty();
    assertThat(run(OuterMomentum.NONE, 0.5, 0.5))
        .containsExactly(new double[] {1, 2}, within(1e-6));
  }

  @Test
  void followsSlowMo() {
    // u = 0.5 · u - way / γ with γ = 0.5, then 0.25; θ = θ₀ - 2 · γ · u. Workers go +1 each round.
    // u₁ = -2, θ₁ = 0 + 2 · 0.5 · 2 = 2; u₂ = -1 - 4 = -5, θ₂ = 2 + 2 · 0.25 · 5 = 4.5.
    assertThat(run(new OuterMomentum(OuterMomentum.Type.SLOWMO, 0.5, 2), 0.5, 0.25))
        .containsExactly(new double[] {2, 4.5}, within(1e-6));
  }

  @Test
  void followsNesterov() {
    // u₁ = -1, θ₁ = 0 + 2 · (0.5 + 1) = 3; u₂ = -0.5 - 1, θ₂ = 3 + 2 · (0.75 + 1) = 6.5.
    assertThat(run(new OuterMomentum(OuterMomentum.Type.NESTEROV, 0.5, 2), 0.5, 0.25))
        .containsExactly(new double[] {3, 6.5}, within(1e-6));
  }

  @Test
  void isBlockMomentumSeenFromWhereWorkersStart() {
    // Chen and Huo 2016: Δ = η Δ + ζ G, W = W + Δ, W_g = W + η Δ, with G = average - W_g.
    double w = 0;
    double start = 0;
    double delta = 0;
    double[] ways = {1, -0.5, 0.25};
    float[] state = {0};
    float[] memory = {0};
    OuterMomentum nesterov = new OuterMomentum(OuterMomentum.Type.NESTEROV, 0.75, 0.5);
    for (double way : ways) {
      delta = 0.75 * delta + 0.5 * way;
      w += delta;
      start = w + 0.75 * delta;
      OuterState next =
          nesterov.step(state, new float[] {(float) (state[0] + way)}, memory, 1, 0.1);
      state = next.state();
      memory = next.memory();

      assertThat((double) state[0]).isCloseTo(start, within(1e-6));
    }
  }

  @Test
  void isPlainAveragingWithoutMomentumAtRateOne() {
    for (OuterMomentum.Type type :
        List.of(OuterMomentum.Type.SLOWMO, OuterMomentum.Type.NESTEROV)) {
      assertThat(run(new OuterMomentum(type, 0, 1), 0.5, 0.25))
          .containsExactly(new double[] {1, 2}, within(1e-6));
    }
  }

  @Test
  void leavesWhatFollowsTheParametersAveraged() {
    float[] start = {1, 7};
    OuterMomentum slowmo = new OuterMomentum(OuterMomentum.Type.SLOWMO, 0.5, 2);

    OuterState next = slowmo.step(start, new float[] {2, 9}, new float[] {0}, 1, 0.5);

    assertThat(next.state()).containsExactly(3f, 9f);
    assertThat(next.memory()).containsExactly(-2f);
    assertThat(start).containsExactly(1f, 7f);
  }

  @Test
  void staysWhereItIsAtARateOfZero() {
    OuterMomentum slowmo = new OuterMomentum(OuterMomentum.Type.SLOWMO, 0.5, 1);

    OuterState next = slowmo.step(new float[] {1}, new float[] {1}, new float[] {8}, 1, 0);

    assertThat(next.state()).containsExactly(1f);
    assertThat(next.memory()).containsExactly(4f);
  }

  @Test
  void takesTheMeanRateOfARound() {
    TrainingSpec training =
        Specs.training(
            "epochs = 4, learning-rate = 0.8, schedule { type = step, step-epochs = 1, factor = 0.5 }"
                + ", schedule.warmup-epochs = 1");

    // Steps 0 and 1 of 4 in epoch 0: factors 0 and 1/4; epoch 1 is past the warm-up, at 1/2.
    assertThat(training.meanRate(new Round(0, 0, 0, 2, 4, false, false)))
        .isCloseTo(0.1, within(1e-15));
    assertThat(training.meanRate(new Round(1, 0, 0, 2, 4, false, false)))
        .isCloseTo(0.4, within(1e-15));
  }

  @Test
  void reportsEveryProblem() {
    read("type = adam, momentum = 1, learning-rate = 0");

    assertThat(problems)
        .containsExactly(
            "Cannot use sync.outer.type: expected one of none, slowmo, nesterov, got \"adam\".",
            "Cannot use sync.outer.momentum: expected a number from 0 to below 1, got 1.",
            "Cannot use sync.outer.learning-rate: expected a number above 0, got 0.");
  }

  /** Two rounds whose workers go from θ to θ + 1, at two rates. */
  private static double[] run(OuterMomentum outer, double... rates) {
    float[] state = {0};
    float[] memory = outer.emptyMemory(1);
    double[] states = new double[rates.length];
    for (int round = 0; round < rates.length; round++) {
      OuterState next = outer.step(state, new float[] {state[0] + 1}, memory, 1, rates[round]);
      state = next.state();
      memory = next.memory();
      states[round] = state[0];
    }
    return states;
  }

  private OuterMomentum read(String config) {
    return OuterMomentum.read(
        Options.of(
            ConfigFactory.parseString(config), Defaults.of("sync.outer"), "sync.outer", problems));
  }
}
