package dev.featuremap.kernel;

/**
 * How a convolution is computed.
 *
 * <p>The choice is a rule in the layer's sizes, never a measurement at run time: the algorithms
 * round differently, and the same network must give the same bits everywhere. A change of the rule
 * raises {@link Kernels#NUMERICS_VERSION}. The benchmark behind it is {@code ConvolutionBenchmark};
 * {@code model/DESIGN.md} has its figures.
 */
public enum ConvolutionAlgorithm {
  /** One chain of multiply-adds an output: {@link Correlation}. */
  DIRECT(0),
  /** {@link Winograd} with tiles of 2×2 outputs. */
  WINOGRAD_2(2),
  /** {@link Winograd} with tiles of 4×4 outputs. */
  WINOGRAD_4(4);

  private static final int FEW_CHANNELS = 16;

  private final int tile;

  ConvolutionAlgorithm(int tile) {
    this.tile = tile;
  }

  /** For people: {@code direct} or {@code Winograd 4×4}. */
  public String text() {
    return this == DIRECT ? "direct" : "Winograd %d×%d".formatted(tile, tile);
  }

  /** Rows and columns of an output tile; 0 without tiles. */
  public int tile() {
    return tile;
  }

  /**
   * The algorithm for a layer, or for the input gradient of a layer of stride 1.
   *
   * @param padded the sizes, with the padding
   * @param rowPadding rows of zeros above and below
   * @param columnPadding columns of zeros left and right
   */
  public static ConvolutionAlgorithm ofProduct(
      ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    if (!tileable(padded, rowPadding, columnPadding)
        || Math.min(padded.channels(), padded.featureMaps()) < FEW_CHANNELS) {
      return DIRECT;
    }
    return Math.min(padded.outputHeight(), padded.outputWidth()) < 4 ? DIRECT : WINOGRAD_4;
  }

  /** The algorithm for the weight gradient of a layer. */
  public static ConvolutionAlgorithm ofWeightGradient(
      ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    return DIRECT;
  }

  private static boolean tileable(ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    int field = WinogradGeometry.FIELD;
    return padded.fieldHeight() == field
        && padded.fieldWidth() == field
        && padded.stride() == 1
        && Math.max(rowPadding, columnPadding) < field;
  }
}
