package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.testing.Allocations;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every optimizer keeps to. */
abstract class OptimizerContract {
  private static final int CANARIES = 5;

  /** The optimizer under test, with a weight decay of 0.1 if {@code decays}. */
  abstract Optimizer optimizer(boolean decays);

  /**
   * One update in double, straight from the formula, with a weight decay of 0.1.
   *
   * @param values {@code [parameter, slots…]} of each parameter, changed in place
   */
  abstract void reference(
      double[][] values, float[] gradient, StateLayout layout, double learningRate, long step);

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1023, 1024, 1025, 2500})
  void followsTheFormulaForEveryLength(int parameters) {
    Optimizer optimizer = optimizer(true);
    StateLayout layout = layout(optimizer, parameters);
    float[] state = random(layout.size(), 1);
    Arrays.fill(state, parameters, layout.size(), 0);
    optimizer.start(state, layout);
    double[][] expected = new double[parameters][1 + layout.slots()];
    for (int i = 0; i < parameters; i++) {
      for (int slot = 0; slot <= layout.slots(); slot++) {
        expected[i][slot] = state[slot * parameters + i];
      }
    }

    for (int step = 1; step <= 3; step++) {
      float[] gradient = random(parameters, 10 + step);
      Updates.once(optimizer, state, layout, gradient, 0.05, step);
      reference(expected, gradient, layout, 0.05, step);
    }

    for (int i = 0; i < parameters; i++) {
      for (int slot = 0; slot <= layout.slots(); slot++) {
        assertThat((double) state[slot * parameters + i])
            .isCloseTo(expected[i][slot], within(2e-6));
      }
    }
  }

  @Test
  void leavesTheGradientAndWhatFollowsTheSlotsUntouched() {
    Optimizer optimizer = optimizer(true);
    StateLayout layout = layout(optimizer, 1500);
    float[] state = Arrays.copyOf(random(layout.size(), 1), layout.size() + CANARIES);
    Arrays.fill(state, layout.size(), state.length, 42f);
    Arrays.fill(state, 1500, layout.size(), 0.5f);
    float[] gradient = random(1500, 2);

    Updates.once(optimizer, state, layout, gradient, 0.1, 1);

    assertThat(gradient).containsExactly(random(1500, 2));
    assertThat(Arrays.copyOfRange(state, layout.size(), state.length)).containsOnly(42f);
  }

  @Test
  void givesTheSameBitsWhereverAParameterLies() {
    Optimizer optimizer = optimizer(false);
    float[] whole = Arrays.copyOf(random(2000, 3), 2000 * (1 + optimizer.slots()));
    float[] gradient = random(2000, 4);
    Updates.once(
        optimizer, whole, new StateLayout(2000, optimizer.slots(), 0, List.of()), gradient, 0.1, 1);

    for (int i : new int[] {0, 1, 1023, 1024, 1999}) {
      float[] single = new float[1 + optimizer.slots()];
      single[0] = random(2000, 3)[i];
      StateLayout layout = new StateLayout(1, optimizer.slots(), 0, List.of());
      Updates.once(optimizer, single, layout, new float[] {gradient[i]}, 0.1, 1);
      assertThat(single[0]).isEqualTo(whole[i]);
    }
  }

  @Test
  void decaysOnlyTheDecayedRanges() {
    Optimizer decaying = optimizer(true);
    StateLayout layout = layout(decaying, 1500);
    float[] withDecay = Arrays.copyOf(random(1500, 5), layout.size());
    float[] without = withDecay.clone();
    float[] gradient = random(1500, 6);

    Updates.once(decaying, withDecay, layout, gradient, 0.1, 1);
    Updates.once(optimizer(false), without, layout, gradient, 0.1, 1);

    for (int i = 0; i < 1500; i++) {
      if (!isDecayed(layout, i)) {
        assertThat(withDecay[i]).isEqualTo(without[i]);
      }
    }
    assertThat(withDecay).isNotEqualTo(without);
  }

  @Test
  void takesTheRateOfEachRange() {
    Optimizer optimizer = optimizer(true);
    StateLayout plain = layout(optimizer, 1500);
    StateLayout.Range decayed = plain.decayed().get(1); // whole tensors have one rate
    StateLayout layout =
        new StateLayout(
            1500,
            optimizer.slots(),
            0,
            plain.decayed(),
            List.of(
                new StateLayout.Rate(new StateLayout.Range(510, 700), 0.5),
                new StateLayout.Rate(decayed, 10)));
    float[] state = Arrays.copyOf(random(1500, 5), layout.size());
    float[] usual = state.clone();
    float[] faster = state.clone();
    float[] slower = state.clone();
    float[] gradient = random(1500, 6);

    Updates.once(optimizer, state, layout, gradient, 0.1, 3);
    Updates.once(optimizer, usual, plain, gradient, 0.1, 3);
    Updates.once(optimizer, faster, plain, gradient, 0.1 * 10, 3);
    Updates.once(optimizer, slower, plain, gradient, 0.1 * 0.5, 3);

    for (int i = 0; i < state.length; i++) {
      int parameter = i % 1500;
      boolean slow = parameter >= 510 && parameter < 700;
      float[] expected = parameter >= decayed.from() ? faster : slow ? slower : usual;
      assertThat(state[i]).as("value %s", i).isEqualTo(expected[i]);
    }
    assertThat(usual).isNotEqualTo(faster);
  }

  @Test
  void allocatesNothingAfterItsFirstStep() {
    Optimizer optimizer = optimizer(true);
    StateLayout layout = layout(optimizer, 2500);
    float[] state = Arrays.copyOf(random(2500, 7), layout.size());
    float[] gradient = random(2500, 8);
    Update update = optimizer.over(layout, new ScalarKernels());

    assertThat(Allocations.leastOf(() -> update.apply(state, gradient, 1f, 0.1, 1, 0, 2500)))
        .isZero();
  }

  @Test
  void refusesAGradientThatIsTooShort() {
    Optimizer optimizer = optimizer(false);
    StateLayout layout = new StateLayout(3, optimizer.slots(), 0, List.of());

    assertThatThrownBy(
            () -> Updates.once(optimizer, new float[layout.size()], layout, new float[2], 0.1, 1))
        .hasMessage(
            "Cannot update with %s: expected a state of %s floats and a gradient of 3, got %s and"
                + " 2.",
            optimizer.name(), layout.size(), layout.size());
  }

  @Test
  void refusesALayoutOfOtherSlots() {
    Optimizer optimizer = optimizer(false);
    StateLayout layout = new StateLayout(3, 5, 0, List.of());

    assertThatThrownBy(() -> Updates.once(optimizer, new float[18], layout, new float[3], 0.1, 1))
        .hasMessage(
            "Cannot update with %s: it has %s slots, got a layout of 5.",
            optimizer.name(), optimizer.slots());
  }

  @Test
  void refusesStepZero() {
    Optimizer optimizer = optimizer(false);
    StateLayout layout = new StateLayout(1, optimizer.slots(), 0, List.of());

    assertThatThrownBy(
            () -> Updates.once(optimizer, new float[layout.size()], layout, new float[1], 0.1, 0))
        .hasMessage("Cannot update with %s: steps count from 1, got 0.", optimizer.name());
  }

  private static StateLayout layout(Optimizer optimizer, int parameters) {
    StateLayout.Range first = new StateLayout.Range(0, parameters / 3);
    StateLayout.Range second = new StateLayout.Range(parameters / 2, parameters);
    return new StateLayout(parameters, optimizer.slots(), 0, List.of(first, second));
  }

  static boolean isDecayed(StateLayout layout, int parameter) {
    return layout.decayed().stream()
        .anyMatch(range -> parameter >= range.from() && parameter < range.to());
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
