package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.Relu;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import dev.featuremap.network.NetworkPlan.PlannedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a plan as they run.
 *
 * <p>A batch normalization adds the shortcut and rectifies in its own pass over memory; a sum
 * rectifies too. This changes no bit: the operations stay the same, one after the other.
 *
 * <p>Rectifying and taking the maximum commute, bit for bit and with their gradients: {@code
 * max(relu(x)) = relu(max(x))}, and the gradient passes where the maximum is positive. So another
 * rectifier right before a max-pooling layer runs after it, on as many values less as a window
 * holds.
 */
final class ExecutionOrder {
  private final List<Step> steps = new ArrayList<>();
  private final int[] readers;

  private ExecutionOrder(List<PlannedStep> planned) {
    readers = new int[planned.size() + 1];
    planned.forEach(step -> step.reads().forEach(activation -> readers[activation]++));
    for (PlannedStep step : planned) {
      add(
          new Step(
              step.layer(),
              step.reads().get(0),
              step.layer().isPresent() ? Step.NONE : step.reads().get(1),
              false,
              step.writes(),
              step.output()));
    }
  }

  /** The steps as they run. */
  static List<Step> of(NetworkPlan plan) {
    ExecutionOrder order = new ExecutionOrder(plan.steps());
    order.rectifyAfterPooling();
    return order.steps;
  }

  /** Adds a step, or makes the one before do it too. */
  private void add(Step step) {
    int last = steps.size() - 1;
    Step before = last < 0 ? null : steps.get(last);
    if (before == null || readers[before.writes()] > 1 || !step.reads(before.writes())) {
      steps.add(step);
    } else if (step.adds() && before.isBarrier() && !before.adds() && !before.rectifies()) {
      int other = step.input() == before.writes() ? step.addend() : step.input();
      steps.set(last, before.plus(other, step));
    } else if (is(step, Relu.class) && (before.isBarrier() || before.layer().isEmpty())) {
      steps.set(last, before.rectifiedBy(step));
    } else {
      steps.add(step);
    }
  }

  private void rectifyAfterPooling() {
    for (int k = 0; k + 1 < steps.size(); k++) {
      Step relu = steps.get(k);
      Step pool = steps.get(k + 1);
      if (is(relu, Relu.class)
          && is(pool, MaxPool.class)
          && pool.reads(relu.writes())
          && readers[relu.writes()] == 1) {
        PlannedLayer layer = pool.layer().orElseThrow();
        steps.set(k, step(layer, relu.input(), relu.writes()));
        PlannedLayer rectifier = relu.layer().orElseThrow();
        steps.set(k + 1, step(over(rectifier, layer), relu.writes(), pool.writes()));
      }
    }
  }

  private static Step step(PlannedLayer layer, int input, int writes) {
    return new Step(Optional.of(layer), input, Step.NONE, false, writes, layer.output());
  }

  /** A layer that keeps shapes, behind another one. */
  private static PlannedLayer over(PlannedLayer layer, PlannedLayer before) {
    return new PlannedLayer(
        layer.index(),
        layer.name(),
        layer.spec(),
        before.output(),
        before.output(),
        layer.parametersAt(),
        layer.parameters(),
        layer.buffersAt());
  }

  private static boolean is(Step step, Class<? extends LayerSpec> type) {
    return step.layer().filter(layer -> type.isInstance(layer.spec())).isPresent();
  }
}
