package dev.featuremap.kernel;

/**
 * A 3 × 3 convolution of stride 1 by Winograd's minimal filtering: F(2×2, 3×3) or F(4×4, 3×3) of
 * Lavin and Gray (2016), "Fast algorithms for convolutional neural networks", equation 12, with
 * other points for the larger tile ({@link WinogradPoints}).
 *
 * <p>The output is cut into tiles {@code Y} of {@code tile × tile} pixels, each from {@code span ×
 * span} pixels {@code d} of the input, {@code span = tile + 2}; outside the input {@code d} is
 * zero. With {@code U = G g Gᵀ} per weight field and {@code V = Bᵀ d B} per channel, {@code Y = Aᵀ
 * [Σ_c U ⊙ V] A + bias}: {@code span²} multiplications for {@code 9 · tile²}, 2.25 and 4 times
 * fewer.
 *
 * <p>Every implementation gives the same bits, in this order. Each product with a matrix on both
 * sides transforms first the columns (sums along rows {@code i}), then the rows of the result. The
 * product of a point is a chain of fused multiply-adds over the channels that starts at zero. The
 * bias is added last; without biases, zero is. The sequences of one dimension, where {@code fma(x,
 * y, z)} rounds once:
 *
 * <pre>
 * tile 2   weights  g0, even + odd, even - odd, g2      even = (g0 + g2) · ½, odd = g1 · ½
 *          input    d0 - d2, d1 + d2, d2 - d1, d1 - d3
 *          output   m0 + (m1 + m2), (m1 - m2) - m3
 * tile 4   weights  g0 · scaleZero, evenA ± oddA, evenB ± oddB, g2
 *            evenA = (g0 + a² · g2) · scaleA, oddA = (a · g1) · scaleA; B alike, with b and scaleB
 *          input    fma(a²b², d0, fma(-(a² + b²), d2, d4)), evenA ± oddA, evenB ± oddB,
 *                   fma(a²b², d1, fma(-(a² + b²), d3, d5))
 *            evenA = fma(-b², d2, d4), oddA = a · fma(-b², d1, d3)
 *            evenB = fma(-a², d2, d4), oddB = b · fma(-a², d1, d3)
 *          output   (m0 + sumA) + sumB, fma(b, differenceB, a · differenceA),
 *                   fma(b², sumB, a² · sumA), fma(b³, differenceB, fma(a³, differenceA, m5))
 *            sumA = m1 + m2, differenceA = m1 - m2, sumB = m3 + m4, differenceB = m3 - m4
 * </pre>
 *
 * <p>Largest error of an output with 256 channels, as a share of {@code Σ|w||x|}: below 4 · 2⁻²⁴
 * with tile 2 and 16 · 2⁻²⁴ with tile 4; measured 1.5 and 7.3, and 3.2 for the direct sum. An
 * infinity or NaN in the input spoils all outputs of the tiles that read it.
 *
 * <p>Not safe for threads: an object has scratch. Nothing is allocated after the first call.
 */
public interface Winograd {
  /**
   * Computes {@code U = G g Gᵀ} for every feature map and channel, once for each change of the
   * parameters. The work can be shared: objects of several threads fill one array, each its part.
   *
   * @param parameters holds weights {@code [featureMaps, channels, 3, 3]} at {@code weightsAt}
   * @param turned whether the weights lie there as {@code [channels, featureMaps, 3, 3]}, each
   *     field to be turned by 180°: the weights of the convolution whose input gradient this one is
   * @param transformed {@link WinogradGeometry#transformedSize} floats, {@code [points, panels,
   *     channels, 6]}
   * @param part which part of the work, from 0
   * @param parts into how many parts the work is cut
   */
  void transformWeights(
      float[] parameters, int weightsAt, boolean turned, float[] transformed, int part, int parts);

  /**
   * The convolution of several blocks: {@code out[f,y,x] = bias[f] + Σ w[f,c,i,j] · in[c, y + i -
   * rowPadding, x + j - columnPadding]}.
   *
   * @param blocks how many of the arrays of {@code input} and {@code output} take part
   * @param input per block {@code [channels, height, width, 16]}, not padded
   * @param transformed what {@link #transformWeights} wrote
   * @param parameters holds biases {@code [featureMaps]} at {@code biasesAt}; a negative {@code
   *     biasesAt} means zero biases
   * @param output per block {@code [featureMaps, outputHeight, outputWidth, 16]}
   */
  void apply(
      int blocks,
      float[][] input,
      float[] transformed,
      float[] parameters,
      int biasesAt,
      float[][] output);
}
