package dev.featuremap.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps between two averages, all inside one epoch.
 *
 * @param epoch from 0
 * @param index the round's number inside its epoch, from 0
 * @param firstStep the first step inside the epoch, from 0
 * @param steps how many steps a worker takes, as far as its shard reaches
 * @param stepsPerEpoch steps of the largest shard in one epoch
 * @param sharesGradients true when workers return gradient sums of one step, not a new state
 * @param restartsOptimizer true when each round starts with empty optimizer slots, and therefore
 *     counts its updates from 1; never together with {@code sharesGradients}
 * @param rateReduction what multiplies the learning rate because of what earlier epochs achieved
 */
public record Round(
    int epoch,
    int index,
    int firstStep,
    int steps,
    int stepsPerEpoch,
    boolean sharesGradients,
    boolean restartsOptimizer,
    double rateReduction)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A round whose rate nothing has lowered. */
  public Round(
      int epoch,
      int index,
      int firstStep,
      int steps,
      int stepsPerEpoch,
      boolean sharesGradients,
      boolean restartsOptimizer) {
    this(epoch, index, firstStep, steps, stepsPerEpoch, sharesGradients, restartsOptimizer, 1);
  }

  /** The same round at another rate. */
  Round withRateReduction(double reduction) {
    return new Round(
        epoch,
        index,
        firstStep,
        steps,
        stepsPerEpoch,
        sharesGradients,
        restartsOptimizer,
        reduction);
  }

  /** Steps that a shard of {@code size} images needs for one epoch. */
  public static int stepsPerEpoch(int size, int batchSize) {
    return (size + batchSize - 1) / batchSize;
  }

  /** The rounds of one epoch, in order, of an optimizer that remembers the rounds before. */
  public static List<Round> ofEpoch(int epoch, int stepsPerEpoch, SyncRule sync) {
    return ofEpoch(epoch, stepsPerEpoch, sync, false);
  }

  /**
   * The rounds of one epoch, in order.
   *
   * @param restartsOptimizer true to empty the optimizer's slots between rounds; without effect
   *     when workers share gradients, since the one optimizer is then the driver's
   */
  public static List<Round> ofEpoch(
      int epoch, int stepsPerEpoch, SyncRule sync, boolean restartsOptimizer) {
    boolean restarts = restartsOptimizer && !sync.sharesGradients();
    int length = sync.steps() == 0 ? stepsPerEpoch : sync.steps();
    List<Round> rounds = new ArrayList<>();
    for (int first = 0; first < stepsPerEpoch; first += length) {
      int steps = Math.min(length, stepsPerEpoch - first);
      rounds.add(
          new Round(
              epoch, rounds.size(), first, steps, stepsPerEpoch, sync.sharesGradients(), restarts));
    }
    return rounds;
  }

  /** Images that a shard of {@code size} images gives to this round. */
  public int images(int size, int batchSize) {
    return reach(firstStep + steps, size, batchSize) - reach(firstStep, size, batchSize);
  }

  private static int reach(int steps, int size, int batchSize) {
    return (int) Math.min((long) steps * batchSize, size);
  }

  /** The number that a step has for the optimizer, from 1: in the run, or since its restart. */
  public long updateNumber(int stepInEpoch) {
    return restartsOptimizer
        ? stepInEpoch - firstStep + 1
        : (long) epoch * stepsPerEpoch + stepInEpoch + 1;
  }

  /** The time of a step in epochs, as schedules take it. */
  public double epochAt(int stepInEpoch) {
    return epoch + (double) stepInEpoch / stepsPerEpoch;
  }
}
