package dev.featuremap.kernel;

/**
 * The weight gradient of a 3 × 3 convolution of stride 1 by Winograd's transforms: the transpose of
 * {@link Winograd}, after Lavin and Gray (2016), "Fast algorithms for convolutional neural
 * networks", section 3.
 *
 * <p>With the input tiles {@code d} and the matrices of {@link Winograd}, and tiles {@code y} of
 * the output gradient that are zero past its last row and column, {@code gw[f,c] = Gᵀ [Σ (Bᵀ d B) ⊙
 * (A y Aᵀ)] G}, the sum over tiles and images.
 *
 * <p>Every implementation gives the same bits, in this order. The input is transformed as by {@link
 * Winograd}. Each product with a matrix on both sides transforms first the columns, then the rows
 * of the result. Tiles, counted by rows through all blocks of a call, form groups of four, the last
 * of which may be smaller. Per point, feature map and channel, a group gives a chain of fused
 * multiply-adds that starts at zero and visits its tiles, in each images 0 to 15; the groups'
 * chains are added up in order, from zero. Then one addition to the gradient. The sequences of one
 * dimension:
 *
 * <pre>
 * tile 2   output gradient  y0, y0 + y1, y0 - y1, -y1
 *          sums             s0 + half, (s1 - s2) · ½, half + s3           half = (s1 + s2) · ½
 * tile 4   output gradient  y0, evenA ± oddA, evenB ± oddB, y3
 *            evenA = fma(a², y2, y0), oddA = fma(a³, y3, a · y1); B alike, with b
 *          sums             (s0 · scaleZero + evenA) + evenB, a · oddA + b · oddB,
 *                           (a² · evenA + b² · evenB) + s5
 *            evenA = (s1 + s2) · scaleA, oddA = (s1 - s2) · scaleA; B alike, with s3 and s4
 * </pre>
 *
 * <p>Measured root mean square error of gradients of 115,200 products of uniform numbers, as a
 * share of that of the gradients: 0.6e-6 with tile 2, 1.2e-6 with tile 4, 0.5e-6 for the direct
 * sum.
 *
 * <p>Not safe for threads: an object has scratch, of {@code points · channels · featureMaps} floats
 * and more. Nothing is allocated after the first call.
 */
public interface WinogradWeightGradient {
  /** Tiles of a chain. */
  int GROUP = 4;

  /**
   * Adds the gradient that several blocks give: {@code gw[f,c,i,j] += Σ_blocks Σ_lanes Σ_{y,x}
   * go[f,y,x] · in[c, y + i - rowPadding, x + j - columnPadding]}.
   *
   * @param blocks how many of the arrays of {@code input} and {@code outputGradient} take part
   * @param input per block {@code [channels, height, width, 16]}, not padded
   * @param outputGradient per block {@code [featureMaps, outputHeight, outputWidth, 16]}
   * @param parameterGradient holds {@code [featureMaps, channels, 3, 3]} at {@code weightsAt}
   */
  void add(
      int blocks,
      float[][] input,
      float[][] outputGradient,
      float[] parameterGradient,
      int weightsAt);
}
