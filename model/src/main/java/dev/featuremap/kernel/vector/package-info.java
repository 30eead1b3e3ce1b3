/**
 * The fast kernels, by the Vector API: the bits of {@link dev.featuremap.kernel.scalar} on vectors
 * of 4, 8 or 16 lanes. No other package imports {@code jdk.incubator.vector}, and the build
 * compiles this one by itself.
 *
 * <p>Three classes to read first: {@link dev.featuremap.kernel.vector.VectorKernels} makes all of
 * them and says what keeps vectors in registers, {@code VectorCorrelation} is a register tile for
 * any convolution, and {@code RowConvolution} is the frame of the faster tiles.
 *
 * <p>To add a kernel, implement its interface and return it from {@code VectorKernels}; leave what
 * is left of an array to the scalar twin. To add a register tile, extend {@code RowConvolution} or
 * {@code RowGradient} and let their {@code orNull} choose it by sizes alone. Measure it with {@code
 * scripts/bench --kernels} on both JDKs and in several starts, and add a geometry that reaches it
 * to {@code CompiledTwinTest}. Classes whose names start with {@code Vector} are twins of an
 * interface or of a scalar class; the others are their parts.
 */
package dev.featuremap.kernel.vector;
