package dev.featuremap.optimizer;

import dev.featuremap.kernel.Parts;

/**
 * An optimizer at work on states of one layout.
 *
 * <p>Holds scratch, allocates nothing per call, and is used by one thread; several may update
 * different ranges of one state where the update is divisible.
 */
public interface Update {

  /** True when threads may share an update; false when one call must take all parameters. */
  default boolean isDivisible() {
    return true;
  }

  /**
   * Where thread {@code part} of {@code parts} starts in a divisible update, so that none has much
   * more to do than others; of equal parts by default.
   *
   * @param part from 0 to {@code parts}
   */
  default int start(int parameters, int part, int parts) {
    return Parts.start(parameters, part, parts);
  }

  /**
   * Updates the parameters in {@code [from, to)} and their slots in place.
   *
   * @param state {@code [parameters, slots…]}
   * @param gradient one value per parameter, not changed
   * @param scale what each gradient is multiplied by first, such as 1 / images for a sum
   * @param learningRate the rate of this step
   * @param step the number of this update in the run, from 1
   */
  void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to);
}
