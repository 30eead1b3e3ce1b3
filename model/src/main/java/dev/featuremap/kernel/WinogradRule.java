package dev.featuremap.kernel;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which 3 × 3 convolutions of stride 1 gain from Winograd's transforms: a function of sizes alone,
 * so that every machine computes the same bits.
 *
 * <p>Cost in multiplications of one image: {@code points · tiles · (channels · featureMaps + 12 ·
 * (channels + featureMaps))}, where 12 stands for the transforms, against {@code 9 · pixels ·
 * channels · featureMaps}. It fits 26 measured pairs of sizes and tile to about 20 %.
 */
public final class WinogradRule {
  /** Multiplications that take as long as the transforms of one point of one channel or map. */
  private static final int TRANSFORM = 12;

  /** What has to be gained before the loss of accuracy and the scratch are worth it. */
  private static final double GAIN = 1.25;

  private static final int GRADIENT_CHANNELS = 32;
  private static final int GRADIENT_MAPS = 64;
  private static final int GRADIENT_TILES = 8;

  private WinogradRule() {}

  /**
   * The sizes with the cheaper tile, the smaller one where both cost the same, or nothing where the
   * direct sum is to be used; the arguments are those of {@link WinogradGeometry}.
   */
  public static Optional<WinogradGeometry> geometry(
      int channels, int height, int width, int featureMaps, int rowPadding, int columnPadding) {
    return Stream.of(2, 4)
        .map(
            tile ->
                new WinogradGeometry(
                    channels, height, width, featureMaps, rowPadding, columnPadding, tile))
        .min(Comparator.comparingLong(WinogradRule::cost))
        .filter(g -> GAIN * cost(g) <= directCost(g));
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

  /**
   * Whether {@link WinogradWeightGradient} pays for calls of {@code blocks} blocks: with 32
   * channels and 64 feature maps or more, and 8 tiles or more a call.
   */
  public static boolean gradientPays(WinogradGeometry g, int blocks) {
    return g.channels() >= GRADIENT_CHANNELS
        && g.featureMaps() >= GRADIENT_MAPS
        && g.tiles() * blocks >= GRADIENT_TILES;
  }
}
