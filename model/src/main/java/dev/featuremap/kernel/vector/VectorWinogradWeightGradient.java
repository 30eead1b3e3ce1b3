package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradSums;
import dev.featuremap.kernel.WinogradWeightGradient;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradWeightGradient} with the Vector API: vectors hold 16 feature maps, and images are
 * part of the chain, so that no sum over lanes is needed.
 *
 * <p>A chain of one group of tiles is 64 links long, in registers; the sums of all points wait in
 * memory.
 */
final class VectorWinogradWeightGradient implements WinogradWeightGradient {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int MAPS = WinogradSums.MAPS;
  private static final int GROUP_SIZE = VectorWinograd.GROUP_SIZE;

  /** Floats of 16 feature maps of a group, {@code [4, images, maps]}. */
  private static final int MAPS_SIZE = GROUP_SIZE * MAPS;

  private static final int TILE_CHANNELS = WinogradSums.TILE_CHANNELS;
  private static final int TILE_MAPS = WinogradSums.TILE_MAPS;

  private final WinogradGeometry g;
  private final VectorWinogradInput inputTransform;
  private final WinogradOutputGradient gradientTransform;
  private final WinogradSums sums;

  /** Transformed input of a group, {@code [points][channels, 4, images]}. */
  private final Scratch.Buffer factors;

  /** Transformed output gradient, {@code [points][featureMaps / 16, 4, images, maps]}. */
  private final Scratch.Buffer gradients;

  private final float[] tileSums = new float[TILE_CHANNELS * TILE_MAPS];
  private final int factorStep;
  private final int gradientStep;

  VectorWinogradWeightGradient(WinogradGeometry geometry, Scratch scratch) {
    g = geometry;
    inputTransform = new VectorWinogradInput(g);
    gradientTransform = new WinogradOutputGradient(g);
    sums = new WinogradSums(g, new VectorWinogradFields(g.span()), scratch);
    factorStep = sums.rows() * GROUP_SIZE + LANES;
    gradientStep = sums.rowSize() / MAPS * MAPS_SIZE + LANES;
    factors = scratch.reserve(Scratch.Use.FACTORS, g.points() * factorStep);
    gradients = scratch.reserve(Scratch.Use.PRODUCTS, g.points() * gradientStep);
  }

  @Override
  public void add(
      int blocks,
      float[][] input,
      float[][] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    float[] values = sums.cleared();
    float[] in = factors.floats();
    float[] go = gradients.floats();
    int tiles = blocks * g.tiles();
    for (int first = 0; first < tiles; first += VectorWinograd.GROUP) {
      int count = Math.min(VectorWinograd.GROUP, tiles - first);
      inputTransform.transform(input, first, count, in, factorStep);
      transformGradient(outputGradient, first, count, go);
      multiply(count * LANES, in, go, values);
    }
    sums.addTo(parameterGradient, weightsAt);
  }

  private void transformGradient(float[][] outputGradient, int first, int count, float[] go) {
    for (int t = 0; t < count; t++) {
      int tile = first + t;
      float[] block = outputGradient[tile / g.tiles()];
      for (int f = 0; f < g.featureMaps(); f += MAPS) {
        int to = f / MAPS * MAPS_SIZE + t * LANES * MAPS;
        gradientTransform.transform(block, tile % g.tiles(), f, go, to, gradientStep);
      }
    }
  }

  private void multiply(int length, float[] in, float[] go, float[] values) {
    for (int point = 0; point < g.points(); point++) {
      for (int f = 0; f < sums.rowSize(); f += TILE_MAPS) {
        for (int c = 0; c < g.channels(); c += TILE_CHANNELS) {
          for (int lane = 0; lane < MAPS; lane += SPECIES.length()) {
            chains(length, in, go, point, c, f, lane);
          }
          addTile(values, point, c, f);
        }
      }
    }
  }

  /** The chains of 6 channels and 4 × 16 feature maps, {@code length} links long. */
  private void chains(
      int length, float[] in, float[] go, int point, int channel, int map, int lane) {
    float[] to = tileSums;
    int x = point * factorStep + channel * GROUP_SIZE;
    int y = point * gradientStep + map * GROUP_SIZE + lane;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    FloatVector e0 = zero, e1 = zero, e2 = zero, e3 = zero;
    FloatVector f0 = zero, f1 = zero, f2 = zero, f3 = zero;
    for (int k = 0; k < length; k++) {
      FloatVector y0 = FloatVector.fromArray(SPECIES, go, y + k * MAPS);
      FloatVector y1 = FloatVector.fromArray(SPECIES, go, y + k * MAPS + MAPS_SIZE);
      FloatVector y2 = FloatVector.fromArray(SPECIES, go, y + k * MAPS + 2 * MAPS_SIZE);
      FloatVector y3 = FloatVector.fromArray(SPECIES, go, y + k * MAPS + 3 * MAPS_SIZE);
      FloatVector xa = FloatVector.broadcast(SPECIES, in[x + k]);
      a0 = xa.fma(y0, a0);
      a1 = xa.fma(y1, a1);
      a2 = xa.fma(y2, a2);
      a3 = xa.fma(y3, a3);
      FloatVector xb = FloatVector.broadcast(SPECIES, in[x + k + GROUP_SIZE]);
      b0 = xb.fma(y0, b0);
      b1 = xb.fma(y1, b1);
      b2 = xb.fma(y2, b2);
      b3 = xb.fma(y3, b3);
      FloatVector xc = FloatVector.broadcast(SPECIES, in[x + k + 2 * GROUP_SIZE]);
      c0 = xc.fma(y0, c0);
      c1 = xc.fma(y1, c1);
      c2 = xc.fma(y2, c2);
      c3 = xc.fma(y3, c3);
      FloatVector xd = FloatVector.broadcast(SPECIES, in[x + k + 3 * GROUP_SIZE]);
      d0 = xd.fma(y0, d0);
      d1 = xd.fma(y1, d1);
      d2 = xd.fma(y2, d2);
      d3 = xd.fma(y3, d3);
      FloatVector xe = FloatVector.broadcast(SPECIES, in[x + k + 4 * GROUP_SIZE]);
      e0 = xe.fma(y0, e0);
      e1 = xe.fma(y1, e1);
      e2 = xe.fma(y2, e2);
      e3 = xe.fma(y3, e3);
      FloatVector xf = FloatVector.broadcast(SPECIES, in[x + k + 5 * GROUP_SIZE]);
      f0 = xf.fma(y0, f0);
      f1 = xf.fma(y1, f1);
      f2 = xf.fma(y2, f2);
      f3 = xf.fma(y3, f3);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(to, lane);
    neutral.add(a1).intoArray(to, lane + MAPS);
    neutral.add(a2).intoArray(to, lane + 2 * MAPS);
    neutral.add(a3).intoArray(to, lane + 3 * MAPS);
    neutral.add(b0).intoArray(to, lane + 4 * MAPS);
    neutral.add(b1).intoArray(to, lane + 5 * MAPS);
    neutral.add(b2).intoArray(to, lane + 6 * MAPS);
    neutral.add(b3).intoArray(to, lane + 7 * MAPS);
    neutral.add(c0).intoArray(to, lane + 8 * MAPS);
    neutral.add(c1).intoArray(to, lane + 9 * MAPS);
    neutral.add(c2).intoArray(to, lane + 10 * MAPS);
    neutral.add(c3).intoArray(to, lane + 11 * MAPS);
    neutral.add(d0).intoArray(to, lane + 12 * MAPS);
    neutral.add(d1).intoArray(to, lane + 13 * MAPS);
    neutral.add(d2).intoArray(to, lane + 14 * MAPS);
    neutral.add(d3).intoArray(to, lane + 15 * MAPS);
    neutral.add(e0).intoArray(to, lane + 16 * MAPS);
    neutral.add(e1).intoArray(to, lane + 17 * MAPS);
    neutral.add(e2).intoArray(to, lane + 18 * MAPS);
    neutral.add(e3).intoArray(to, lane + 19 * MAPS);
    neutral.add(f0).intoArray(to, lane + 20 * MAPS);
    neutral.add(f1).intoArray(to, lane + 21 * MAPS);
    neutral.add(f2).intoArray(to, lane + 22 * MAPS);
    neutral.add(f3).intoArray(to, lane + 23 * MAPS);
  }

  /**
   * Adds the tile's sums; in the method above, the same code makes C2 of JDK 17 box all vectors.
   */
  private void addTile(float[] to, int point, int channel, int map) {
    float[] from = tileSums;
    for (int c = 0; c < TILE_CHANNELS; c++) {
      int at = sums.at(point, channel) + c * sums.rowSize() + map;
      int tile = c * TILE_MAPS;
      for (int k = 0; k < TILE_MAPS; k++) {
        to[at + k] += from[tile + k];
      }
    }
  }
}
