/**
 * Layers that make one value of a window of each feature map, or of the whole map.
 *
 * <p>To add one: a record that implements {@code Pooling}, as {@link
 * dev.featuremap.layer.pooling.AveragePool} does.
 */
package dev.featuremap.layer.pooling;
