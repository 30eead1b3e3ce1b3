/**
 * Random numbers and permutations as pure functions of a seed, a purpose and a position.
 *
 * <p>A new use of random numbers adds a {@link dev.featuremap.random.Purpose}.
 */
package dev.featuremap.random;
