package dev.featuremap.job.training.rounds;

import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.train.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an epoch's model.
 *
 * @param evaluation on the validation images, or else on the test images
 * @param test of the test images, once no epoch follows
 */
public record EpochEvaluation(Evaluation evaluation, Optional<Test> test) {

  /**
   * What is known of the test images at the end of a run.
   *
   * @param evaluation loss, confusions and mistakes
   * @param metrics the rest
   * @param bad the records that are left out of images that were held out so far
   */
  public record Test(Evaluation evaluation, TestMetrics metrics, BadRecords bad) {
    static Test of(FullEvaluation full, List<String> labels) {
      return new Test(full.evaluation(), TestMetrics.of(full.metrics(), labels), BadRecords.NONE);
    }

    /** Of images that were held out, with the model of an epoch that others chose, from 1. */
    static Test heldOut(FullEvaluation full, List<String> labels, int epoch, BadRecords bad) {
      return new Test(
          full.evaluation(), TestMetrics.of(full.metrics(), labels).ofEpoch(epoch), bad);
    }
  }

  static EpochEvaluation of(Evaluation evaluation) {
    return new EpochEvaluation(evaluation, Optional.empty());
  }

  /** Of the last epoch, on test images. */
  static EpochEvaluation of(Test last) {
    return new EpochEvaluation(last.evaluation(), Optional.of(last));
  }

  EpochEvaluation with(Test end) {
    return new EpochEvaluation(evaluation, Optional.of(end));
  }
}
