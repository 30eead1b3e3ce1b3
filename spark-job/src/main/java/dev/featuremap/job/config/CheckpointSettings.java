package dev.featuremap.job.config;

import dev.featuremap.spec.Options;

/**
 * When checkpoints are written and which are kept.
 *
 * @param everyRounds rounds between two checkpoints; 0 for one at the end of each epoch. The end of
 *     the run always gets one
 * @param keepLast how many of the newest are kept, at least 1; the best is kept besides
 * @param keepEvery in epochs: the first after each multiple of it is kept too; 0 for none
 */
public record CheckpointSettings(int everyRounds, int keepLast, int keepEvery) {

  static CheckpointSettings read(Options section) {
    return new CheckpointSettings(
        section.integer("every-rounds", 0, Integer.MAX_VALUE),
        section.integer("keep-last", 1, Integer.MAX_VALUE),
        section.integer("keep-every", 0, Integer.MAX_VALUE));
  }

  /** True when a round that does not end its epoch is followed by a checkpoint. */
  public boolean isDueAfterRound(long rounds) {
    return everyRounds > 0 && rounds % everyRounds == 0;
  }

  /** True when the last round of an epoch is followed by a checkpoint. */
  public boolean isDueAfterEpoch(long rounds) {
    return everyRounds == 0 || rounds % everyRounds == 0;
  }
}
