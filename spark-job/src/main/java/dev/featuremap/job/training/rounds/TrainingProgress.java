package dev.featuremap.job.training.rounds;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.OuterState;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run stands between two rounds: all that the next round depends on. Immutable.
 *
 * @param epoch the epoch in progress, from 0; equal to the epochs completed
 * @param nextRound the round to run next in that epoch, from 0
 * @param rounds rounds completed in the run
 * @param outer the state that workers start from, and the driver's memory
 * @param tally of the rounds of the epoch in progress
 * @param history one entry for each completed epoch
 */
public record TrainingProgress(
    int epoch,
    int nextRound,
    long rounds,
    OuterState outer,
    EpochTally tally,
    List<EpochMetrics> history) {

  /** Copies the list; takes the arrays as they are. */
  public TrainingProgress {
    history = List.copyOf(history);
  }

  public static TrainingProgress start(OuterState initial) {
    return new TrainingProgress(0, 0, 0, initial, EpochTally.EMPTY, List.of());
  }

  /** The same progress, with another state to go on from. */
  TrainingProgress from(OuterState other) {
    return new TrainingProgress(epoch, nextRound, rounds, other, tally, history);
  }

  TrainingProgress afterRound(OuterState next, EpochTally total) {
    return new TrainingProgress(epoch, nextRound + 1, rounds + 1, next, total, history);
  }

  TrainingProgress afterEpoch(EpochMetrics metrics) {
    List<EpochMetrics> longer = new ArrayList<>(history);
    longer.add(metrics);
    return new TrainingProgress(epoch + 1, 0, rounds, outer, EpochTally.EMPTY, longer);
  }

  /** The same progress, with what is known of the test images at its end. */
  TrainingProgress tested(EpochEvaluation.Test test) {
    List<EpochMetrics> same = new ArrayList<>(history);
    int last = same.size() - 1;
    same.set(
        last,
        same.get(last)
            .tested(
                test.evaluation().loss(), test.evaluation().accuracy(), test.metrics().values()));
    return new TrainingProgress(epoch, nextRound, rounds, outer, tally, same);
  }

  /** The same progress with time that no round took. */
  TrainingProgress afterSpending(EpochTimes times) {
    return new TrainingProgress(epoch, nextRound, rounds, outer, tally.plus(times), history);
  }

  /** {@code [parameters | slots | buffers]}; the array is live and never written to again. */
  public float[] state() {
    return outer.state();
  }

  /** What the driver's momentum remembers; live and never written to again. */
  public float[] memory() {
    return outer.memory();
  }

  /** True right after an epoch: everything known is in the history. */
  public boolean isBetweenEpochs() {
    return nextRound == 0;
  }

  /** True right after an epoch whose accuracy no earlier one has reached. */
  public boolean isBest() {
    if (!isBetweenEpochs() || history.isEmpty()) {
      return false;
    }
    return bestEpoch() == history.size();
  }

  /** The epoch of the greatest accuracy, from 1, the first of equals; 0 before any. */
  public int bestEpoch() {
    int best = 0;
    for (int epoch = 1; epoch <= history.size(); epoch++) {
      if (best == 0 || history.get(epoch - 1).accuracy() > history.get(best - 1).accuracy()) {
        best = epoch;
      }
    }
    return best;
  }
}
