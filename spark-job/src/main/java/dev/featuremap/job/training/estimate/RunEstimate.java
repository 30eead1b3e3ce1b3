package dev.featuremap.job.training.estimate;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;

/**
 * What the rounds of an epoch will take, by a model of four measured numbers. With n steps of the
 * largest shard in rounds of k, W workers on P cores:
 *
 * <pre>
 *   compute   = n · s · W / min(W, P)
 *   imbalance = n · (s + w) · (⌈W / P⌉ - W / min(W, P))
 *   reduce    = ⌈n / k⌉ · a
 *   schedule  = ⌈n / k⌉ · o
 * </pre>
 *
 * @param images that are trained on
 * @param batchSize images of a step
 * @param workers W
 * @param cores P, how many workers can be at work at once
 * @param every k
 * @param stepSeconds s, a step of one worker beside as many others as there are cores
 * @param waitSeconds w, waiting for the images of a step
 * @param reduceSeconds a, joining the results of a round, and the next state
 * @param scheduleSeconds o, a round without steps, less a
 */
public record RunEstimate(
    long images,
    int batchSize,
    int workers,
    int cores,
    SyncRule every,
    double stepSeconds,
    double waitSeconds,
    double reduceSeconds,
    double scheduleSeconds) {

  /** n, the steps of a worker in an epoch. */
  int stepsPerEpoch() {
    return Round.stepsPerEpoch(Math.toIntExact((images - 1) / workers + 1), batchSize);
  }

  /** Rounds of an epoch. */
  int rounds() {
    return every.steps() == 0 ? 1 : (stepsPerEpoch() - 1) / every.steps() + 1;
  }

  /** How often a core gets a worker in a round. */
  int turns() {
    return (workers - 1) / cores + 1;
  }

  /** The parts of an epoch; waiting comes with compute, and what is no round is unknown. */
  public EpochTimes epoch() {
    double stepsOfACore = (double) stepsPerEpoch() * workers / Math.min(workers, cores);
    double longest = (double) stepsPerEpoch() * turns();
    return new EpochTimes(
        stepsOfACore * stepSeconds,
        stepsOfACore * waitSeconds,
        (longest - stepsOfACore) * (stepSeconds + waitSeconds),
        rounds() * reduceSeconds,
        rounds() * scheduleSeconds,
        Double.NaN,
        Double.NaN);
  }

  /** The rounds of an epoch. */
  double seconds() {
    return epoch().roundSeconds();
  }

  /** The rounds of a run that shares gradients in its first epochs. */
  double seconds(int epochs, int switchEpochs) {
    int switched = Math.min(epochs, switchEpochs);
    return switched * with(SyncRule.EVERY_STEP).seconds() + (epochs - switched) * seconds();
  }

  /** A round's training. */
  double trainingSecondsOfRound() {
    EpochTimes epoch = epoch();
    return (epoch.compute() + epoch.waiting() + epoch.imbalance()) / rounds();
  }

  /** What a round costs besides training. */
  double overheadSecondsOfRound() {
    return reduceSeconds + scheduleSeconds;
  }

  /** Share of the time that is no training, 0 to 1. */
  double overhead() {
    return rounds() * overheadSecondsOfRound() / seconds();
  }

  /** The same run with another step. */
  RunEstimate withSteps(double step, double waiting) {
    return new RunEstimate(
        images, batchSize, workers, cores, every, step, waiting, reduceSeconds, scheduleSeconds);
  }

  /** The same run with another cost of a round. */
  RunEstimate withRounds(double reduce, double schedule) {
    return new RunEstimate(
        images, batchSize, workers, cores, every, stepSeconds, waitSeconds, reduce, schedule);
  }

  /** The same run with rounds of another length. */
  RunEstimate with(SyncRule other) {
    return new RunEstimate(
        images,
        batchSize,
        workers,
        cores,
        other,
        stepSeconds,
        waitSeconds,
        reduceSeconds,
        scheduleSeconds);
  }

  /**
   * The same run with other workers: joining goes by their number, and so does what Spark takes
   * where there are more; for fewer it stays, which is too much rather than too little.
   */
  RunEstimate withWorkers(int other) {
    return on(other, cores);
  }

  /** One worker on one core, with nobody to agree with before an epoch is over. */
  RunEstimate onOneCore() {
    return on(1, 1).with(SyncRule.EPOCH);
  }

  private RunEstimate on(int otherWorkers, int otherCores) {
    double ratio = (double) otherWorkers / workers;
    return new RunEstimate(
        images,
        batchSize,
        otherWorkers,
        otherCores,
        every,
        stepSeconds,
        waitSeconds,
        reduceSeconds * ratio,
        scheduleSeconds * Math.max(1, ratio));
  }
}
