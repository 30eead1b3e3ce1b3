/**
 * The rounds of a run: workers on Spark, their average, and what is counted meanwhile.
 *
 * <p>Read {@code DistributedTrainer}, then {@code SparkWorkers}, then {@code RoundTask}. One more
 * number of an epoch: workers count it in their result, {@code EpochTally} adds it up, and {@code
 * EpochMetrics} in {@code record} has it. One more check before a start is a method of {@code
 * InputChecks}.
 */
package dev.featuremap.job.training.rounds;
