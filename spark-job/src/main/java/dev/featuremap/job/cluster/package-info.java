/**
 * Spark itself: its settings, what travels by Kryo, and how jobs are run and described.
 *
 * <p>Read {@link dev.featuremap.job.cluster.SparkContexts} and {@link
 * dev.featuremap.job.cluster.SparkJob} first. A new class that travels between driver and executors
 * is a line in {@link dev.featuremap.job.cluster.FeaturemapKryoRegistrator}; a record among them
 * also names {@link dev.featuremap.job.cluster.RecordSerializer}.
 */
package dev.featuremap.job.cluster;
