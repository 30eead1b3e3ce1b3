/**
 * Layers that normalize activations: by statistics of a mini-batch, of each image by itself, or of
 * neighbouring channels; and the factor of a channel.
 *
 * <p>A layer that needs the whole mini-batch before it computes anything implements {@link
 * dev.featuremap.layer.BarrierLayer}, as that of {@link
 * dev.featuremap.layer.normalization.BatchNorm} does.
 */
package dev.featuremap.layer.normalization;
