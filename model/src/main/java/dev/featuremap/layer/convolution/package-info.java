/**
 * The convolution layer: the description {@link dev.featuremap.layer.convolution.Convolution},
 * which geometry each direction has, and the algorithms that compute it.
 *
 * <p>To add an algorithm: implement {@code ConvolutionProduct}, or make a {@code
 * ConvolutionWeightGradient}, and choose it in {@code ConvolutionSizes} by a rule of sizes alone.
 */
package dev.featuremap.layer.convolution;
