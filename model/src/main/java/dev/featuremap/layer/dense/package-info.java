/**
 * Layers that see an image as a vector: every output reads every input, or the shape alone changes.
 *
 * <p>To add one, follow {@link dev.featuremap.layer.dense.FullyConnected}.
 */
package dev.featuremap.layer.dense;
