/**
 * Training without a cluster: what one worker does in a round, how rounds are joined, and the local
 * trainer that everything distributed is held against.
 *
 * <p>May import {@code network}, {@code loss}, {@code optimizer}, {@code metric}, {@code data},
 * {@code spec}.
 */
package dev.featuremap.train;
