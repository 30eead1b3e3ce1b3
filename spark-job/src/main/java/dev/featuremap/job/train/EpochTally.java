package dev.featuremap.job.train;

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
 * @param seconds spent on rounds
 */
record EpochTally(double lossSum, long correct, long images, double drift, double seconds) {
  static final EpochTally EMPTY = new EpochTally(0, 0, 0, 0, 0);

  /** The tally with one more round, its workers added in worker order. */
  EpochTally plus(List<WorkerResult> results, double roundDrift, double roundSeconds) {
    double loss = lossSum;
    long hits = correct;
    for (WorkerResult result : results) {
      loss += result.lossSum();
      hits += result.correct();
    }
    long used = RoundReduction.images(results);
    double meanDrift = (drift * images + roundDrift * used) / (images + used);
    return new EpochTally(loss, hits, images + used, meanDrift, seconds + roundSeconds);
  }

  double meanLoss() {
    return lossSum / images;
  }

  double accuracy() {
    return (double) correct / images;
  }

  double imagesPerSecond() {
    return images / seconds;
  }
}
