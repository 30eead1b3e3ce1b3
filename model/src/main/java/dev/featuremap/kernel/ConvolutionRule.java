package dev.featuremap.kernel;

import dev.featuremap.tensor.Extent;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How each product of a convolution is computed: by Winograd's transforms where they gain, as one
 * chain an output elsewhere.
 *
 * <p>A function of sizes alone, never a measurement at run time: the algorithms round differently,
 * and the same network must give the same bits everywhere. A change of the rule raises {@link
 * Kernels#NUMERICS_VERSION}. {@code scripts/bench --kernels Convolution} measures both sides of it;
 * {@code model/DESIGN.md} has the figures.
 *
 * <p>Only 3×3 fields of stride 1 qualify, with a padding of at most 2 that is the same on opposite
 * sides. Cost in multiplications of one image: {@code points · tiles · (channels · featureMaps + 12
 * · (channels + featureMaps))}, where 12 stands for the transforms, against {@code 9 · pixels ·
 * channels · featureMaps}. It fits 26 measured pairs of sizes and tile to about 20 %.
 */
public final class ConvolutionRule {
  /** Multiplications that take as long as the transforms of one point of one channel or map. */
  private static final int TRANSFORM = 12;

  /** What has to be gained before the loss of accuracy and the scratch are worth it. */
  private static final double GAIN = 1.25;

  private static final int GRADIENT_CHANNELS = 32;
  private static final int GRADIENT_MAPS = 64;
  private static final int GRADIENT_TILES = 4;

  private ConvolutionRule() {}

  /**
   * The sizes with the cheaper tile, the smaller one where both cost the same, or nothing where the
   * layer is computed directly.
   *
   * @param padded the layer with its padding
   * @param rowPadding rows of zeros above and below
   * @param columnPadding columns of zeros left and right
   */
  public static Optional<WinogradGeometry> layer(
      ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    if (!qualifies(padded, rowPadding, columnPadding)) {
      return Optional.empty();
    }
    return Stream.of(2, 4)
        .map(tile -> tiled(padded, rowPadding, columnPadding, tile))
        .min(Comparator.comparingLong(ConvolutionRule::cost))
        .filter(g -> GAIN * cost(g) <= directCost(g));
  }

  /** The same for the input gradient of a layer: channels and maps change roles. */
  public static Optional<WinogradGeometry> inputGradient(
      ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    if (!qualifies(padded, rowPadding, columnPadding)) {
      return Optional.empty();
    }
    WinogradGeometry gradient = tiled(padded, rowPadding, columnPadding, 2).inputGradient();
    ConvolutionGeometry spread =
        new ConvolutionGeometry(
            gradient.channels(),
            gradient.height() + 2 * gradient.rowPadding(),
            gradient.width() + 2 * gradient.columnPadding(),
            gradient.featureMaps(),
            padded.fieldHeight(),
            padded.fieldWidth(),
            /* stride= */ 1);
    return layer(spread, gradient.rowPadding(), gradient.columnPadding());
  }

  /**
   * The same for the weight gradient of single blocks: tiles of 4 with 32 channels and 64 feature
   * maps or more, and 4 tiles or more an image.
   */
  public static Optional<WinogradGeometry> weightGradient(
      ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    if (!qualifies(padded, rowPadding, columnPadding)) {
      return Optional.empty();
    }
    return Optional.of(tiled(padded, rowPadding, columnPadding, 4))
        .filter(g -> g.channels() >= GRADIENT_CHANNELS && g.featureMaps() >= GRADIENT_MAPS)
        .filter(g -> g.tiles() >= GRADIENT_TILES);
  }

  private static boolean qualifies(ConvolutionGeometry padded, int rowPadding, int columnPadding) {
    return padded.fieldHeight() == WinogradGeometry.FIELD
        && padded.fieldWidth() == WinogradGeometry.FIELD
        && padded.stride().equals(Extent.ONE)
        && padded.dilation().equals(Extent.ONE)
        && Math.max(rowPadding, columnPadding) < WinogradGeometry.FIELD;
  }

  private static WinogradGeometry tiled(
      ConvolutionGeometry padded, int rowPadding, int columnPadding, int tile) {
    return new WinogradGeometry(
        padded.channels(),
        padded.height() - 2 * rowPadding,
        padded.width() - 2 * columnPadding,
        padded.featureMaps(),
        rowPadding,
        columnPadding,
        tile);
  }

  private static long cost(WinogradGeometry g) {
    long products = (long) g.channels() * g.featureMaps();
    return (long) g.points()
        * g.tiles()
        * (products + (long) TRANSFORM * (g.channels() + g.featureMaps()));
  }

  private static long directCost(WinogradGeometry g) {
    int field = WinogradGeometry.FIELD * WinogradGeometry.FIELD;
    return (long) field * g.outputHeight() * g.outputWidth() * g.channels() * g.featureMaps();
  }
}
