/**
 * The arithmetic of training: what each hot loop computes, in which order, over plain arrays.
 *
 * <p>This package has the interfaces, the sizes they work on and the rules that choose between
 * them. Each interface has two implementations with the same bits, its twins: {@link
 * dev.featuremap.kernel.scalar} is the reference, {@link dev.featuremap.kernel.vector} the fast
 * one.
 *
 * <p>Three classes to read first: {@link dev.featuremap.kernel.Kernels} lists all kernels, {@link
 * dev.featuremap.kernel.Correlation} is one of them with its order of additions, and {@link
 * dev.featuremap.kernel.KernelLookup} chooses the twin once for each JVM.
 *
 * <p>Short letters: {@code f} feature map, {@code c} channel, {@code y x} output row and column,
 * {@code i j} row and column of the receptive field, {@code o} output, {@code s} stride.
 *
 * <p>To add a kernel:
 *
 * <ol>
 *   <li>State its formula and its order of additions in an interface here, and let {@code Kernels}
 *       make it.
 *   <li>Write the plain loops in {@code scalar}.
 *   <li>Write the same order with vectors in {@code vector}.
 *   <li>Compare the two bit for bit in a test that extends {@code KernelTwinContract}.
 *   <li>If an existing network now gives other bits, raise {@code Kernels.NUMERICS_VERSION}.
 * </ol>
 */
package dev.featuremap.kernel;
