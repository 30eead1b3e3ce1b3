package dev.featuremap.job.watch;

import dev.featuremap.job.record.EpochMetrics;
import java.util.List;

/**
 * A round that begins.
 *
 * @param history one entry for each epoch that is done
 * @param round its place in the epoch, from 0
 * @param rounds rounds of the epoch
 * @param done rounds of the run that are done
 */
public record RoundStart(List<EpochMetrics> history, int round, int rounds, long done) {

  /** The epoch in progress, from 0. */
  public int epoch() {
    return history.size();
  }
}
