package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradWeightGradient} with the Vector API: vectors hold 16 feature maps, and images are
 * part of the chain, so that no sum over lanes is needed.
 *
 * <p>The sums of all points stay in memory between groups of tiles, which are as small as those of
 * {@link VectorWinograd}: a chain is the same however it is cut.
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
  private final VectorWinogradOutputGradient gradientTransform;
  private final WinogradSums sums;

  /** Transformed input of a group, {@code [points][channels, 4, images]}. */
  private final float[] factors;

  /** Transformed output gradient, {@code [points][featureMaps / 16, 4, images, maps]}. */
  private final float[] gradients;

  private final int factorStep;
  private final int gradientStep;

  VectorWinogradWeightGradient(WinogradGeometry geometry) {
    g = geometry;
    inputTransform = new VectorWinogradInput(g);
    gradientTransform = new VectorWinogradOutputGradient(g);
    sums = new WinogradSums(g, new VectorWinogradFields(g.span()));
    factorStep = sums.rows() * GROUP_SIZE + LANES;
    gradientStep = sums.rowSize() / MAPS * MAPS_SIZE + LANES;
    factors = new float[g.points() * factorStep];
    gradients = new float[g.points() * gradientStep];
  }

  @Override
  public void add(
      int blocks,
      float[][] input,
      float[][] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    sums.clear();
    int tiles = blocks * g.tiles();
    for (int first = 0; first < tiles; first += VectorWinograd.GROUP) {
      int count = Math.min(VectorWinograd.GROUP, tiles - first);
      inputTransform.transform(input, first, count, factors, factorStep);
      transformGradient(outputGradient, first, count);
      multiply(count * LANES);
    }
    sums.addTo(parameterGradient, weightsAt);
  }

  private void transformGradient(float[][] outputGradient, int first, int count) {
    for (int t = 0; t < count; t++) {
      int tile = first + t;
      float[] block = outputGradient[tile / g.tiles()];
      for (int f = 0; f < g.featureMaps(); f += MAPS) {
        int to = f / MAPS * MAPS_SIZE + t * LANES * MAPS;
        gradientTransform.transform(block, tile % g.tiles(), f, gradients, to, gradientStep);
      }
    }
  }

  private void multiply(int length) {
    for (int point = 0; point < g.points(); point++) {
      for (int f = 0; f < sums.rowSize(); f += TILE_MAPS) {
        for (int c = 0; c < g.channels(); c += TILE_CHANNELS) {
          for (int lane = 0; lane < MAPS; lane += SPECIES.length()) {
            chains(length, point, c, f, lane);
          }
        }
      }
    }
  }

  /** Continues the chains of 6 channels and 4 × 16 feature maps by {@code length} links. */
  private void chains(int length, int point, int channel, int map, int lane) {
    float[] in = factors;
    float[] go = gradients;
    float[] to = sums.values();
    int x = point * factorStep + channel * GROUP_SIZE;
    int y = point * gradientStep + map * GROUP_SIZE + lane;
    int s = sums.at(point, channel) + map + lane;
    int row = sums.rowSize();
    FloatVector a0 = FloatVector.fromArray(SPECIES, to, s);
    FloatVector a1 = FloatVector.fromArray(SPECIES, to, s + MAPS);
    FloatVector a2 = FloatVector.fromArray(SPECIES, to, s + 2 * MAPS);
    FloatVector a3 = FloatVector.fromArray(SPECIES, to, s + 3 * MAPS);
    FloatVector b0 = FloatVector.fromArray(SPECIES, to, s + row);
    FloatVector b1 = FloatVector.fromArray(SPECIES, to, s + row + MAPS);
    FloatVector b2 = FloatVector.fromArray(SPECIES, to, s + row + 2 * MAPS);
    FloatVector b3 = FloatVector.fromArray(SPECIES, to, s + row + 3 * MAPS);
    FloatVector c0 = FloatVector.fromArray(SPECIES, to, s + 2 * row);
    FloatVector c1 = FloatVector.fromArray(SPECIES, to, s + 2 * row + MAPS);
    FloatVector c2 = FloatVector.fromArray(SPECIES, to, s + 2 * row + 2 * MAPS);
    FloatVector c3 = FloatVector.fromArray(SPECIES, to, s + 2 * row + 3 * MAPS);
    FloatVector d0 = FloatVector.fromArray(SPECIES, to, s + 3 * row);
    FloatVector d1 = FloatVector.fromArray(SPECIES, to, s + 3 * row + MAPS);
    FloatVector d2 = FloatVector.fromArray(SPECIES, to, s + 3 * row + 2 * MAPS);
    FloatVector d3 = FloatVector.fromArray(SPECIES, to, s + 3 * row + 3 * MAPS);
    FloatVector e0 = FloatVector.fromArray(SPECIES, to, s + 4 * row);
    FloatVector e1 = FloatVector.fromArray(SPECIES, to, s + 4 * row + MAPS);
    FloatVector e2 = FloatVector.fromArray(SPECIES, to, s + 4 * row + 2 * MAPS);
    FloatVector e3 = FloatVector.fromArray(SPECIES, to, s + 4 * row + 3 * MAPS);
    FloatVector f0 = FloatVector.fromArray(SPECIES, to, s + 5 * row);
    FloatVector f1 = FloatVector.fromArray(SPECIES, to, s + 5 * row + MAPS);
    FloatVector f2 = FloatVector.fromArray(SPECIES, to, s + 5 * row + 2 * MAPS);
    FloatVector f3 = FloatVector.fromArray(SPECIES, to, s + 5 * row + 3 * MAPS);
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
    a0.intoArray(to, s);
    a1.intoArray(to, s + MAPS);
    a2.intoArray(to, s + 2 * MAPS);
    a3.intoArray(to, s + 3 * MAPS);
    b0.intoArray(to, s + row);
    b1.intoArray(to, s + row + MAPS);
    b2.intoArray(to, s + row + 2 * MAPS);
    b3.intoArray(to, s + row + 3 * MAPS);
    c0.intoArray(to, s + 2 * row);
    c1.intoArray(to, s + 2 * row + MAPS);
    c2.intoArray(to, s + 2 * row + 2 * MAPS);
    c3.intoArray(to, s + 2 * row + 3 * MAPS);
    d0.intoArray(to, s + 3 * row);
    d1.intoArray(to, s + 3 * row + MAPS);
    d2.intoArray(to, s + 3 * row + 2 * MAPS);
    d3.intoArray(to, s + 3 * row + 3 * MAPS);
    e0.intoArray(to, s + 4 * row);
    e1.intoArray(to, s + 4 * row + MAPS);
    e2.intoArray(to, s + 4 * row + 2 * MAPS);
    e3.intoArray(to, s + 4 * row + 3 * MAPS);
    f0.intoArray(to, s + 5 * row);
    f1.intoArray(to, s + 5 * row + MAPS);
    f2.intoArray(to, s + 5 * row + 2 * MAPS);
    f3.intoArray(to, s + 5 * row + 3 * MAPS);
  }
}
