package dev.featuremap.optimizer;

import dev.featuremap.kernel.Kernels;
import java.util.Arrays;

/**
 * A rule that turns gradients into new parameters. Optimizers are immutable; what they remember
 * lives in the slots of the state vector.
 */
public interface Optimizer {

  /** The name a configuration uses, for example {@code sgd}. */
  String name();

  /** Values remembered per parameter; they start at zero unless {@link #start} says otherwise. */
  int slots();

  /** Fills the slots of a state, zero so far, that has its initial parameters. */
  default void start(float[] state, StateLayout layout) {}

  /** Where the parameters start in a state that are evaluated and exported. */
  default int modelAt(StateLayout layout) {
    return 0;
  }

  /** Makes the optimizer of {@code state} forget what it remembers of earlier steps. */
  default void restart(float[] state, StateLayout layout) {
    Arrays.fill(state, layout.slotAt(0), layout.slotAt(slots()), 0f);
  }

  /** The working update of states that {@code layout} divides, on {@code kernels}. */
  Update over(StateLayout layout, Kernels kernels);
}
