/**
 * Networks: the description with its residuals, the plan of steps, shapes and slices, the buffers
 * they run in, and the layers at work on groups of blocks.
 *
 * <p>A new type of layer is a line in {@link dev.featuremap.network.LayerTypes}. Layers that can
 * run as one step are joined in {@code FusedOrder}.
 */
package dev.featuremap.network;
