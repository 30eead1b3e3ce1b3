/**
 * Images as workers have them: shards, wherever they are kept, the order in which an epoch visits
 * them, and the blocks that a network reads.
 *
 * <p>May import {@code random}, {@code spec}, {@code tensor}.
 */
package dev.featuremap.data;
