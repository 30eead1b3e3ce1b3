package dev.featuremap.train;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.optimizer.StateLayout;
import java.util.List;

/** Makes the next state of what the workers of a round return. */
public record RoundReduction(TrainingSpec training, StateLayout layout, OuterMomentum outer) {

  /**
   * The state after a round.
   *
   * @param state the state the round started from, not changed
   * @param memory the outer momentum before the round, one value per parameter, not changed; empty
   *     where there is none
   * @param joined what the workers returned; its values are changed
   * @param images used by all workers
   */
  public OuterState nextState(
      float[] state, float[] memory, JoinedVector joined, long images, Round round) {
    if (round.sharesGradients()) {
      float[] next = state.clone();
      new StepUpdate(training, layout, KernelLookup.kernels(), Team.alone())
          .apply(next, joined.values(), images, round, round.firstStep());
      System.arraycopy(
          joined.values(), layout.parameters(), next, layout.buffersAt(), layout.buffers());
      return new OuterState(next, memory);
    }
    float[] average = joined.values();
    if (round.restartsOptimizer()) {
      training.optimizer().restart(average, layout);
    }
    return outer.step(state, average, memory, layout.parameters(), training.meanRate(round));
  }

  /** Images used by all workers. */
  public static long images(List<WorkerResult> results) {
    return results.stream().mapToLong(WorkerResult::images).sum();
  }
}
