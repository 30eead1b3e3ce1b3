/**
 * Images as workers have them: shards, wherever they are kept, the order in which an epoch visits
 * them, and the blocks that a network reads.
 *
 * <p>To keep images in another way, implement {@link dev.featuremap.data.Shard}.
 */
package dev.featuremap.data;
