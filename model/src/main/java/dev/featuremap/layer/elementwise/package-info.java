/**
 * Layers that keep the shape: neurons, which look at each value alone, dropout, and softmax, which
 * looks at the channels of a pixel.
 *
 * <p>To add neurons: a record that implements {@code Elementwise} and gives an {@code
 * ElementwiseLayer} two functions, as {@link dev.featuremap.layer.elementwise.Sigmoid} does.
 */
package dev.featuremap.layer.elementwise;
