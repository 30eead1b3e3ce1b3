/**
 * What makes one activation of several: concatenation of channels, and products. Sums need no class
 * of their own: kernels add.
 *
 * <p>One more of its kind is a {@link dev.featuremap.layer.join.Junction}, a constant of {@code
 * network.Join}, and a case in each exporter.
 */
package dev.featuremap.layer.join;
