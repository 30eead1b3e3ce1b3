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

  private static final int TILE_CHANNELS = 6;
  private static final int TILE_MAPS = 4 * MAPS;

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
    sums = new WinogradSums(g);
    factorStep = g.channels() * GROUP_SIZE + LANES;
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
            sixChannels(length, point, c, f, lane);
          }
        }
      }
    }
  }

  /** A tile past the last channel repeats that channel; its copies compute the same values. */
  private int channel(int c) {
    return Math.min(c, g.channels() - 1);
  }

  /** A tile past the last maps repeats them. */
  private int maps(int f) {
    return Math.min(f, sums.rowSize() - MAPS);
  }

  /** Continues the chains of 6 channels and 4 × 16 feature maps by {@code length} links. */
  private void sixChannels(int length, int point, int c, int f, int lane) {
    float[] in = factors;
    float[] go = gradients;
    float[] to = sums.values();
    int map0 = maps(f) + lane;
    int map1 = maps(f + MAPS) + lane;
    int map2 = maps(f + 2 * MAPS) + lane;
    int map3 = maps(f + 3 * MAPS) + lane;
    int go0 = point * gradientStep + maps(f) * GROUP_SIZE + lane;
    int go1 = point * gradientStep + maps(f + MAPS) * GROUP_SIZE + lane;
    int go2 = point * gradientStep + maps(f + 2 * MAPS) * GROUP_SIZE + lane;
    int go3 = point * gradientStep + maps(f + 3 * MAPS) * GROUP_SIZE + lane;
    int inA = point * factorStep + channel(c) * GROUP_SIZE;
    int inB = point * factorStep + channel(c + 1) * GROUP_SIZE;
    int inC = point * factorStep + channel(c + 2) * GROUP_SIZE;
    int inD = point * factorStep + channel(c + 3) * GROUP_SIZE;
    int inE = point * factorStep + channel(c + 4) * GROUP_SIZE;
    int inF = point * factorStep + channel(c + 5) * GROUP_SIZE;
    int toA = sums.at(point, channel(c));
    int toB = sums.at(point, channel(c + 1));
    int toC = sums.at(point, channel(c + 2));
    int toD = sums.at(point, channel(c + 3));
    int toE = sums.at(point, channel(c + 4));
    int toF = sums.at(point, channel(c + 5));
    FloatVector a0 = FloatVector.fromArray(SPECIES, to, toA + map0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, to, toA + map1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, to, toA + map2);
    FloatVector a3 = FloatVector.fromArray(SPECIES, to, toA + map3);
    FloatVector b0 = FloatVector.fromArray(SPECIES, to, toB + map0);
    FloatVector b1 = FloatVector.fromArray(SPECIES, to, toB + map1);
    FloatVector b2 = FloatVector.fromArray(SPECIES, to, toB + map2);
    FloatVector b3 = FloatVector.fromArray(SPECIES, to, toB + map3);
    FloatVector c0 = FloatVector.fromArray(SPECIES, to, toC + map0);
    FloatVector c1 = FloatVector.fromArray(SPECIES, to, toC + map1);
    FloatVector c2 = FloatVector.fromArray(SPECIES, to, toC + map2);
    FloatVector c3 = FloatVector.fromArray(SPECIES, to, toC + map3);
    FloatVector d0 = FloatVector.fromArray(SPECIES, to, toD + map0);
    FloatVector d1 = FloatVector.fromArray(SPECIES, to, toD + map1);
    FloatVector d2 = FloatVector.fromArray(SPECIES, to, toD + map2);
    FloatVector d3 = FloatVector.fromArray(SPECIES, to, toD + map3);
    FloatVector e0 = FloatVector.fromArray(SPECIES, to, toE + map0);
    FloatVector e1 = FloatVector.fromArray(SPECIES, to, toE + map1);
    FloatVector e2 = FloatVector.fromArray(SPECIES, to, toE + map2);
    FloatVector e3 = FloatVector.fromArray(SPECIES, to, toE + map3);
    FloatVector f0 = FloatVector.fromArray(SPECIES, to, toF + map0);
    FloatVector f1 = FloatVector.fromArray(SPECIES, to, toF + map1);
    FloatVector f2 = FloatVector.fromArray(SPECIES, to, toF + map2);
    FloatVector f3 = FloatVector.fromArray(SPECIES, to, toF + map3);
    for (int k = 0; k < length; k++) {
      FloatVector y0 = FloatVector.fromArray(SPECIES, go, go0 + k * MAPS);
      FloatVector y1 = FloatVector.fromArray(SPECIES, go, go1 + k * MAPS);
      FloatVector y2 = FloatVector.fromArray(SPECIES, go, go2 + k * MAPS);
      FloatVector y3 = FloatVector.fromArray(SPECIES, go, go3 + k * MAPS);
      FloatVector xa = FloatVector.broadcast(SPECIES, in[inA + k]);
      a0 = xa.fma(y0, a0);
      a1 = xa.fma(y1, a1);
      a2 = xa.fma(y2, a2);
      a3 = xa.fma(y3, a3);
      FloatVector xb = FloatVector.broadcast(SPECIES, in[inB + k]);
      b0 = xb.fma(y0, b0);
      b1 = xb.fma(y1, b1);
      b2 = xb.fma(y2, b2);
      b3 = xb.fma(y3, b3);
      FloatVector xc = FloatVector.broadcast(SPECIES, in[inC + k]);
      c0 = xc.fma(y0, c0);
      c1 = xc.fma(y1, c1);
      c2 = xc.fma(y2, c2);
      c3 = xc.fma(y3, c3);
      FloatVector xd = FloatVector.broadcast(SPECIES, in[inD + k]);
      d0 = xd.fma(y0, d0);
      d1 = xd.fma(y1, d1);
      d2 = xd.fma(y2, d2);
      d3 = xd.fma(y3, d3);
      FloatVector xe = FloatVector.broadcast(SPECIES, in[inE + k]);
      e0 = xe.fma(y0, e0);
      e1 = xe.fma(y1, e1);
      e2 = xe.fma(y2, e2);
      e3 = xe.fma(y3, e3);
      FloatVector xf = FloatVector.broadcast(SPECIES, in[inF + k]);
      f0 = xf.fma(y0, f0);
      f1 = xf.fma(y1, f1);
      f2 = xf.fma(y2, f2);
      f3 = xf.fma(y3, f3);
    }
    a0.intoArray(to, toA + map0);
    a1.intoArray(to, toA + map1);
    a2.intoArray(to, toA + map2);
    a3.intoArray(to, toA + map3);
    b0.intoArray(to, toB + map0);
    b1.intoArray(to, toB + map1);
    b2.intoArray(to, toB + map2);
    b3.intoArray(to, toB + map3);
    c0.intoArray(to, toC + map0);
    c1.intoArray(to, toC + map1);
    c2.intoArray(to, toC + map2);
    c3.intoArray(to, toC + map3);
    d0.intoArray(to, toD + map0);
    d1.intoArray(to, toD + map1);
    d2.intoArray(to, toD + map2);
    d3.intoArray(to, toD + map3);
    e0.intoArray(to, toE + map0);
    e1.intoArray(to, toE + map1);
    e2.intoArray(to, toE + map2);
    e3.intoArray(to, toE + map3);
    f0.intoArray(to, toF + map0);
    f1.intoArray(to, toF + map1);
    f2.intoArray(to, toF + map2);
    f3.intoArray(to, toF + map3);
  }
}
