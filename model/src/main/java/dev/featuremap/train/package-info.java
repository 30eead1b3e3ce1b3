/**
 * Training without a cluster: what one worker does in a step and a round, with the threads it is
 * given, how rounds are joined, and the local trainer that everything distributed is held against.
 *
 * <p>May import {@code network}, {@code loss}, {@code optimizer}, {@code metric}, {@code data},
 * {@code spec}.
 */
package dev.featuremap.train;
