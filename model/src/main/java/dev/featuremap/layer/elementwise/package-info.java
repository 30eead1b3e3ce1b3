/**
 * Layers that keep the shape and look at each value alone: neurons and dropout.
 *
 * <p>To add neurons: a record that implements {@code Elementwise} and gives an {@code
 * ElementwiseLayer} two functions, as {@link dev.featuremap.layer.elementwise.Sigmoid} does.
 */
package dev.featuremap.layer.elementwise;
