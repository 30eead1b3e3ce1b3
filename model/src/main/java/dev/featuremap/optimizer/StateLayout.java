package dev.featuremap.optimizer;

import java.util.List;

/**
 * How a worker's state vector is divided: trainable parameters first, then the optimizer's slots,
 * each as long as the parameters.
 *
 * @param parameters trainable parameters
 * @param slots optimizer values per parameter
 * @param decayed the ranges of parameters that weight decay applies to, in order
 */
public record StateLayout(int parameters, int slots, List<Range> decayed) {

  /** Parameters {@code [from, to)}. */
  public record Range(int from, int to) {}

  /** Copies the ranges and rejects a state that one Java array could not hold. */
  public StateLayout {
    decayed = List.copyOf(decayed);
    if ((long) parameters * (1 + slots) > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold %d parameters with %d optimizer slots each: one array ends at 2^31 floats."
              .formatted(parameters, slots));
    }
  }

  /** Floats in the state vector. */
  public int size() {
    return parameters * (1 + slots);
  }

  /** Where slot {@code index} starts. */
  public int slotAt(int index) {
    return parameters * (1 + index);
  }
}
