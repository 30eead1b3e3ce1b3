/**
 * The reference kernels: plain loops in the order that the interfaces state. They run on every JVM,
 * and they say what the bits of the vector kernels must be.
 *
 * <p>Three classes to read first: {@link dev.featuremap.kernel.scalar.ScalarKernels} makes all of
 * them, {@code ScalarCorrelation} is a convolution in 100 lines, and {@link
 * dev.featuremap.kernel.scalar.ScalarBatchNormalization} shows a twin whose loops the vector kernel
 * replaces one by one.
 *
 * <p>To add a kernel, implement its interface with the simplest loops that follow the stated order,
 * by {@link dev.featuremap.kernel.Fma} where the interface says multiply-add, and return it from
 * {@code ScalarKernels}. Speed does not matter here; {@code ScalarKernelsTest} checks it against
 * sums in double.
 */
package dev.featuremap.kernel.scalar;
