/**
 * Networks: the description with its residuals, the plan of steps, shapes and slices, the buffers
 * they run in, and the layers at work on groups of blocks.
 *
 * <p>May import {@code layer}, {@code loss}, {@code data}, {@code optimizer}'s state layout, and
 * what these may import.
 */
package dev.featuremap.network;
