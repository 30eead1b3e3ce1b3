package dev.featuremap.job.train;

import dev.featuremap.train.WorkerResult;
import java.util.List;

/**
 * What the rounds of an unfinished epoch have added up to.
 *
 * @param lossSum sum of the losses of the images used
 * @param correct how many of them were classified correctly
 * @param images images used
 * @param drift of the last round
 * @param seconds spent on rounds
 */
record EpochTally(double lossSum, long correct, long images, double drift, double seconds) {
  static final EpochTally EMPTY = new EpochTally(0, 0, 0, 0, 0);

  /** The tally with one more round, its workers added in worker order. */
  EpochTally plus(List<WorkerResult> results, double roundDrift, double roundSeconds) {
    double loss = lossSum;
    long hits = correct;
    long seen = images;
    for (WorkerResult result : results) {
      loss += result.lossSum();
      hits += result.correct();
      seen += result.images();
    }
    return new EpochTally(loss, hits, seen, roundDrift, seconds + roundSeconds);
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
