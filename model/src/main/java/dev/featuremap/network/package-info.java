/**
 * Networks: the description, the plan of shapes and slices, and the executor.
 *
 * <p>May import {@code layer}, {@code loss}, {@code data}, {@code optimizer}'s state layout, and
 * what these may import.
 */
package dev.featuremap.network;
