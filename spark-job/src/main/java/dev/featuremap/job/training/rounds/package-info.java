/**
 * The rounds of a run: workers on Spark, their average, and what is counted meanwhile.
 *
 * <p>Read {@code DistributedTrainer}, then {@code SparkWorkers}, then {@code RoundTask}.
 */
package dev.featuremap.job.training.rounds;
