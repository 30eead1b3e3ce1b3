/**
 * Layers that normalize activations by statistics of many images.
 *
 * <p>A layer that needs the whole mini-batch before it computes anything implements {@link
 * dev.featuremap.layer.BarrierLayer}, as that of {@link
 * dev.featuremap.layer.normalization.BatchNorm} does.
 */
package dev.featuremap.layer.normalization;
