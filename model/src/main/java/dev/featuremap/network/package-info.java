/**
 * Networks: the description, the plan of shapes and slices, and the layers at work on groups of
 * blocks.
 *
 * <p>May import {@code layer}, {@code loss}, {@code data}, {@code optimizer}'s state layout, and
 * what these may import.
 */
package dev.featuremap.network;
