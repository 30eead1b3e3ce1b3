package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.Winograd;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.kernel.WinogradWeights;
import dev.featuremap.tensor.Lanes;

/**
 * {@link Winograd} with the Vector API: four tiles at a time, which may lie in several rows and
 * blocks.
 *
 * <p>For each four tiles all channels are transformed, then each point is multiplied, then all
 * feature maps are transformed back. Transformed input and products of four tiles are 590 KB each
 * with 64 channels or maps and tile 4, so that they stay in a cache of the second level; the
 * weights stream through it. Larger groups of tiles measured no faster, up to 256 channels.
 *
 * <p>One core of AVX-512 (188 GFLOP/s at most), JDK 25, in GFLOP/s of the direct sum, whose own
 * kernel reaches 117 to 132 on these sizes, 1 and 8 blocks a call:
 *
 * <pre>
 * channels and maps  pixels   tile 4     tile 2
 *               64   32 x 32  346  278   229  195
 *              128   16 x 16  439  373   268  245
 *              256    8 x 8   473  449   283  268
 * </pre>
 */
final class VectorWinograd implements Winograd {
  /** Tiles multiplied together. */
  static final int GROUP = WinogradWeightGradient.GROUP;

  /** Floats of one channel or feature map of a group. */
  static final int GROUP_SIZE = GROUP * Lanes.COUNT;

  private static final int PANEL = WinogradGeometry.PANEL;

  private final WinogradGeometry g;
  private final WinogradWeights weights;
  private final VectorWinogradInput inputTransform;
  private final WinogradOutput outputTransform;

  /** Transformed input of a group, {@code [points][channels, 4, 16]}, points factorStep apart. */
  private final Scratch.Buffer factors;

  /** Products of a group, {@code [points][panels, 6, 4, 16]}, points productStep apart. */
  private final Scratch.Buffer products;

  private final int factorStep;
  private final int productStep;

  VectorWinograd(WinogradGeometry geometry, Scratch scratch) {
    g = geometry;
    weights = new WinogradWeights(g, new VectorWinogradFields(g.span()));
    inputTransform = new VectorWinogradInput(g);
    outputTransform = new WinogradOutput(g);
    // One vector more than needed: steps that are powers of two would share a few cache sets.
    factorStep = g.channels() * GROUP_SIZE + Lanes.COUNT;
    productStep = g.panels() * PANEL * GROUP_SIZE + Lanes.COUNT;
    factors = scratch.reserve(Scratch.Use.FACTORS, g.points() * factorStep);
    products = scratch.reserve(Scratch.Use.PRODUCTS, g.points() * productStep);
  }

  @Override
  public void transformWeights(
      float[] parameters, int weightsAt, boolean turned, float[] transformed, int part, int parts) {
    weights.transform(parameters, weightsAt, turned, transformed, part, parts);
  }

  @Override
  public void apply(
      int blocks,
      float[][] input,
      float[] transformed,
      float[] parameters,
      int biasesAt,
      float[][] output) {
    float[] in = factors.floats();
    float[] out = products.floats();
    int tiles = blocks * g.tiles();
    for (int first = 0; first < tiles; first += GROUP) {
      int count = Math.min(GROUP, tiles - first);
      inputTransform.transform(input, first, count, in, factorStep);
      multiply(transformed, in, out);
      outputTransform.transform(out, productStep, first, count, parameters, biasesAt, output);
    }
  }

  /**
   * Multiplies all four tiles; those past the last hold older ones, and nobody reads the result.
   */
  private void multiply(float[] transformed, float[] in, float[] out) {
    int panelWeights = g.channels() * PANEL;
    int w = 0;
    for (int point = 0; point < g.points(); point++) {
      for (int panel = 0; panel < g.panels(); panel++, w += panelWeights) {
        int to = point * productStep + panel * PANEL * GROUP_SIZE;
        for (int lane = 0; lane < Lanes.COUNT; lane += VectorKernels.SPECIES.length()) {
          WinogradPointProducts.sixMaps(
              g.channels(), transformed, w, in, point * factorStep + lane, out, to + lane);
        }
      }
    }
  }
}
