/**
 * Spark itself: its settings, what Kryo may carry, and how jobs are run and described.
 *
 * <p>May import {@code shard}, {@code failure} and the model.
 */
package dev.featuremap.job.cluster;
