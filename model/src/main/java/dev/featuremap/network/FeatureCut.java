package dev.featuremap.network;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A plan in two: the longest run of first steps that give the same for an image in every epoch, and
 * end in one activation, and the steps above, which read that activation in place of images. Both
 * parts together compute what the plan does, bit for bit.
 *
 * @param below ends with the activation; has nothing to train
 * @param above has all that is trained, at the same places of the state
 */
public record FeatureCut(NetworkPlan below, NetworkPlan above) {

  /** Where a plan can be cut; empty if no frozen layer is below. */
  static Optional<FeatureCut> of(NetworkPlan plan) {
    List<PlannedStep> steps = plan.steps();
    int fixed = 0;
    while (fixed < steps.size() && isFixed(steps.get(fixed))) {
      fixed++;
    }
    int cut = Math.min(fixed, steps.size() - 1);
    while (cut > 0 && !isAlone(steps, cut)) {
      cut--;
    }
    boolean frozen = steps.subList(0, cut).stream().anyMatch(FeatureCut::holdsFrozenValues);
    return frozen
        ? Optional.of(new FeatureCut(below(plan, cut), above(plan, cut)))
        : Optional.empty();
  }

  /** True where a step makes the same of the same in every epoch. */
  private static boolean isFixed(PlannedStep step) {
    return step.layer()
        .map(
            layer ->
                layer.frozen()
                    || (layer.parameters() == 0
                        && !layer.spec().isBarrier()
                        && !layer.spec().isRandom()
                        && layer.spec().buffers(layer.input()).isEmpty()))
        .orElse(true);
  }

  private static boolean holdsFrozenValues(PlannedStep step) {
    return step.layer().filter(layer -> layer.frozen() && layer.parameters() > 0).isPresent();
  }

  /** True where the steps from {@code cut} on read nothing from before but its last activation. */
  private static boolean isAlone(List<PlannedStep> steps, int cut) {
    return steps.subList(cut, steps.size()).stream()
        .flatMap(step -> step.reads().stream())
        .allMatch(activation -> activation >= cut);
  }

  private static NetworkPlan below(NetworkPlan plan, int cut) {
    return plan.with(plan.spec(), plan.steps().subList(0, cut));
  }

  /** The activation {@code cut} becomes 0, the input. */
  private static NetworkPlan above(NetworkPlan plan, int cut) {
    Shape shape = plan.shape(cut);
    // Values of features are used as they are.
    InputSpec input = new InputSpec(shape, List.of(), List.of());
    NetworkSpec spec = new NetworkSpec(input, plan.spec().layers(), plan.spec().loss());
    List<PlannedStep> steps =
        plan.steps().subList(cut, plan.steps().size()).stream()
            .map(step -> step.renumbered(-cut))
            .toList();
    return plan.with(spec, steps);
  }

  /** Values that are kept of an image. */
  public int values() {
    return below.output().size();
  }

  /** Layers that are computed once. */
  public int layers() {
    return below.layers().size();
  }
}
