package dev.featuremap.job.training.rounds;

import dev.featuremap.metric.ClassificationMetrics;
import dev.featuremap.train.Evaluation;

/**
 * All that can be said of the predictions of a set.
 *
 * @param evaluation loss, confusions and mistakes
 * @param metrics the rest
 */
public record FullEvaluation(Evaluation evaluation, ClassificationMetrics metrics) {}
