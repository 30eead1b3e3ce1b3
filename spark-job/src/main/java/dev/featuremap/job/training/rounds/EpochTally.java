package dev.featuremap.job.training.rounds;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.RoundReduction;
import dev.featuremap.train.WorkerResult;
import java.util.List;

/**
 * What the rounds of an unfinished epoch have added up to.
 *
 * @param lossSum sum of the losses of the images used
 * @param correct how many of them were classified correctly
 * @param images images used
 * @param drift mean of the rounds, weighted by their images
 * @param times where the time since the last epoch's entry went
 */
public record EpochTally(
    double lossSum, long correct, long images, double drift, EpochTimes times) {
  public static final EpochTally EMPTY = new EpochTally(0, 0, 0, 0, EpochTimes.NONE);

  /** The tally with one more round, its workers added in worker order. */
  EpochTally plus(List<WorkerResult> results, double roundDrift, EpochTimes roundTimes) {
    double loss = lossSum;
    long hits = correct;
    for (WorkerResult result : results) {
      loss += result.lossSum();
      hits += result.correct();
    }
    long used = RoundReduction.images(results);
    double meanDrift = (drift * images + roundDrift * used) / (images + used);
    return new EpochTally(loss, hits, images + used, meanDrift, times.plus(roundTimes));
  }

  /** The tally with time that no round took. */
  EpochTally plus(EpochTimes more) {
    return new EpochTally(lossSum, correct, images, drift, times.plus(more));
  }

  double meanLoss() {
    return lossSum / images;
  }

  double accuracy() {
    return (double) correct / images;
  }

  double imagesPerSecond() {
    return images / times.roundSeconds();
  }
}
