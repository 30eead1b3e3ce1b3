/**
 * The arithmetic: one interface over plain arrays, a scalar twin, a Vector API twin, and the lookup
 * that chooses between them once.
 *
 * <p>May import {@code tensor} and the JDK; the classes {@code Vector…} alone import {@code
 * jdk.incubator.vector}. Short letters: {@code f} feature map, {@code c} channel, {@code y x}
 * output row and column, {@code i j} row and column of the receptive field, {@code o} output,
 * {@code s} stride. {@link dev.featuremap.kernel.Kernels} makes the kernels of a layer once, with
 * their tables and scratch; which algorithm a convolution gets is {@link
 * dev.featuremap.kernel.ConvolutionRule}. To add a kernel, state its chain in an interface, write
 * both twins, and add it to the twin contract in the tests.
 */
package dev.featuremap.kernel;
