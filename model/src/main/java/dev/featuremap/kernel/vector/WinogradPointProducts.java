package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of {@link VectorWinograd}: per point, a matrix of weights times the transformed
 * input of four tiles.
 */
final class WinogradPointProducts {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int GROUP_SIZE = VectorWinograd.GROUP_SIZE;
  private static final int PANEL = WinogradGeometry.PANEL;

  private WinogradPointProducts() {}

  /**
   * Sums over channels, from zero, for one point, 4 tiles and 6 feature maps: 24 accumulators, 4
   * inputs and a weight of 32 registers.
   *
   * @param weights {@code [channels, 6]} from {@code weightsAt}
   * @param input {@code [channels, 4, 16]} from {@code from}
   * @param output {@code [6, 4, 16]} from {@code to}
   */
  static void sixMaps(
      int channels,
      float[] weights,
      int weightsAt,
      float[] input,
      int from,
      float[] output,
      int to) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    FloatVector e0 = zero, e1 = zero, e2 = zero, e3 = zero;
    FloatVector f0 = zero, f1 = zero, f2 = zero, f3 = zero;
    for (int c = 0; c < channels; c++) {
      int v = from + c * GROUP_SIZE;
      int w = weightsAt + c * PANEL;
      FloatVector x0 = FloatVector.fromArray(SPECIES, input, v);
      FloatVector x1 = FloatVector.fromArray(SPECIES, input, v + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, input, v + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, input, v + 3 * LANES);
      FloatVector wa = FloatVector.broadcast(SPECIES, weights[w]);
      a0 = wa.fma(x0, a0);
      a1 = wa.fma(x1, a1);
      a2 = wa.fma(x2, a2);
      a3 = wa.fma(x3, a3);
      FloatVector wb = FloatVector.broadcast(SPECIES, weights[w + 1]);
      b0 = wb.fma(x0, b0);
      b1 = wb.fma(x1, b1);
      b2 = wb.fma(x2, b2);
      b3 = wb.fma(x3, b3);
      FloatVector wc = FloatVector.broadcast(SPECIES, weights[w + 2]);
      c0 = wc.fma(x0, c0);
      c1 = wc.fma(x1, c1);
      c2 = wc.fma(x2, c2);
      c3 = wc.fma(x3, c3);
      FloatVector wd = FloatVector.broadcast(SPECIES, weights[w + 3]);
      d0 = wd.fma(x0, d0);
      d1 = wd.fma(x1, d1);
      d2 = wd.fma(x2, d2);
      d3 = wd.fma(x3, d3);
      FloatVector we = FloatVector.broadcast(SPECIES, weights[w + 4]);
      e0 = we.fma(x0, e0);
      e1 = we.fma(x1, e1);
      e2 = we.fma(x2, e2);
      e3 = we.fma(x3, e3);
      FloatVector wf = FloatVector.broadcast(SPECIES, weights[w + 5]);
      f0 = wf.fma(x0, f0);
      f1 = wf.fma(x1, f1);
      f2 = wf.fma(x2, f2);
      f3 = wf.fma(x3, f3);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(output, to);
    neutral.add(a1).intoArray(output, to + LANES);
    neutral.add(a2).intoArray(output, to + 2 * LANES);
    neutral.add(a3).intoArray(output, to + 3 * LANES);
    neutral.add(b0).intoArray(output, to + 4 * LANES);
    neutral.add(b1).intoArray(output, to + 5 * LANES);
    neutral.add(b2).intoArray(output, to + 6 * LANES);
    neutral.add(b3).intoArray(output, to + 7 * LANES);
    neutral.add(c0).intoArray(output, to + 8 * LANES);
    neutral.add(c1).intoArray(output, to + 9 * LANES);
    neutral.add(c2).intoArray(output, to + 10 * LANES);
    neutral.add(c3).intoArray(output, to + 11 * LANES);
    neutral.add(d0).intoArray(output, to + 12 * LANES);
    neutral.add(d1).intoArray(output, to + 13 * LANES);
    neutral.add(d2).intoArray(output, to + 14 * LANES);
    neutral.add(d3).intoArray(output, to + 15 * LANES);
    neutral.add(e0).intoArray(output, to + 16 * LANES);
    neutral.add(e1).intoArray(output, to + 17 * LANES);
    neutral.add(e2).intoArray(output, to + 18 * LANES);
    neutral.add(e3).intoArray(output, to + 19 * LANES);
    neutral.add(f0).intoArray(output, to + 20 * LANES);
    neutral.add(f1).intoArray(output, to + 21 * LANES);
    neutral.add(f2).intoArray(output, to + 22 * LANES);
    neutral.add(f3).intoArray(output, to + 23 * LANES);
  }
}
