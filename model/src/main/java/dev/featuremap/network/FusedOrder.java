package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.pooling.MaxPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a plan as they run.
 *
 * <p>A batch normalization adds the shortcut and rectifies in its own pass over memory; a sum
 * rectifies too. This changes no bit: the operations stay the same, one after the other.
 *
 * <p>Another rectifier right before or after a max-pooling layer runs in its pass, see {@link
 * MaxPool#rectified}.
 */
final class FusedOrder {
  private final List<NetworkStep> steps = new ArrayList<>();
  private final int[] readers;

  private FusedOrder(List<PlannedStep> planned) {
    readers = new int[planned.size() + 1];
    planned.forEach(step -> step.reads().forEach(activation -> readers[activation]++));
    planned.forEach(step -> add(NetworkStep.of(step)));
  }

  /** The steps as they run. */
  static List<NetworkStep> of(List<PlannedStep> planned) {
    FusedOrder order = new FusedOrder(planned);
    order.rectifyInPooling();
    return order.steps;
  }

  /** Adds a step, or makes the one before do it too. */
  private void add(NetworkStep step) {
    int last = steps.size() - 1;
    NetworkStep before = last < 0 ? null : steps.get(last);
    if (before == null || readers[before.writes()] > 1 || !step.reads(before.writes())) {
      steps.add(step);
    } else if (step.isSum() && before.joinsOthers() && !before.adds() && !before.rectifies()) {
      int other = step.input() == before.writes() ? step.addend() : step.input();
      steps.set(last, before.plus(other, step));
    } else if (is(step, Relu.class) && (before.joinsOthers() || before.isSum())) {
      steps.set(last, before.rectifiedBy(step));
    } else {
      steps.add(step);
    }
  }

  private void rectifyInPooling() {
    for (int k = 0; k + 1 < steps.size(); k++) {
      NetworkStep first = steps.get(k);
      NetworkStep second = steps.get(k + 1);
      if (!second.reads(first.writes()) || readers[first.writes()] > 1) {
        continue;
      }
      if (is(first, Relu.class) && is(second, MaxPool.class)) {
        join(k, rectified(second), first.input(), second.writes());
      } else if (is(first, MaxPool.class) && is(second, Relu.class)) {
        join(k, rectified(first), first.input(), second.writes());
      }
    }
  }

  /** Puts one step in place of two. */
  private void join(int at, PlannedLayer layer, int input, int writes) {
    steps.remove(at + 1);
    steps.set(
        at,
        new NetworkStep(
            Optional.of(layer), Optional.empty(), List.of(input), false, writes, layer.output()));
  }

  private static PlannedLayer rectified(NetworkStep pooling) {
    PlannedLayer layer = pooling.layer().orElseThrow();
    return layer.as(((MaxPool) layer.spec()).rectified());
  }

  private static boolean is(NetworkStep step, Class<? extends LayerSpec> type) {
    return step.layer().filter(layer -> type.isInstance(layer.spec())).isPresent();
  }
}
