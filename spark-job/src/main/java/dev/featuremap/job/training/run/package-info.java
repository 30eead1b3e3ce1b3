/**
 * Distributed training: a run from configuration to result, its rounds on Spark, and its progress
 * as checkpoints.
 *
 * <p>Read {@code TrainingJob}, then {@code TrainingRun}, then {@code DistributedTrainer}. May
 * import everything of the job but {@code cli}.
 */
package dev.featuremap.job.training.run;
