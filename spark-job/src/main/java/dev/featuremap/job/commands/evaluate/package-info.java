/**
 * Measuring trained networks on the cluster.
 *
 * <p>May import {@code models}, {@code cluster}, {@code shard}, {@code source}, {@code checkpoint},
 * {@code config}, {@code image}, {@code run} and {@code failure}.
 */
package dev.featuremap.job.commands.evaluate;
