package dev.featuremap.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Row form of a field 3 columns wide: 6 maps × 1 row × 3 taps, 4 pixels at a time. */
final class VectorThreeTapGradient extends VectorRowGradient {
  static final int PIXELS = 4;

  /** One factor, so that the compiler drops the bounds checks of the output gradient. */
  private static final int STEP = PIXELS * LANES;

  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  VectorThreeTapGradient(ConvolutionGeometry geometry) {
    super(geometry, 6, PIXELS);
  }

  @Override
  void tile(int f, int row, int from, int to) {
    int[] offsets = stepOffsets;
    float[] in = input;
    float[] go = outputGradient;
    float[] s = sums;
    int first = inputOffset(row);
    int goA = gradientOffset(f);
    int goB = gradientOffset(f + 1);
    int goC = gradientOffset(f + 2);
    int goD = gradientOffset(f + 3);
    int goE = gradientOffset(f + 4);
    int goF = gradientOffset(f + 5);
    int sumA = sumsOffset(row);
    int sumB = sumA + mapStride;
    int sumC = sumB + mapStride;
    int sumD = sumC + mapStride;
    int sumE = sumD + mapStride;
    int sumF = sumE + mapStride;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero;
    FloatVector e0 = zero, e1 = zero, e2 = zero;
    FloatVector f0 = zero, f1 = zero, f2 = zero;
    if (from > 0) {
      a0 = FloatVector.fromArray(SPECIES, s, sumA);
      a1 = FloatVector.fromArray(SPECIES, s, sumA + LANES);
      a2 = FloatVector.fromArray(SPECIES, s, sumA + 2 * LANES);
      b0 = FloatVector.fromArray(SPECIES, s, sumB);
      b1 = FloatVector.fromArray(SPECIES, s, sumB + LANES);
      b2 = FloatVector.fromArray(SPECIES, s, sumB + 2 * LANES);
      c0 = FloatVector.fromArray(SPECIES, s, sumC);
      c1 = FloatVector.fromArray(SPECIES, s, sumC + LANES);
      c2 = FloatVector.fromArray(SPECIES, s, sumC + 2 * LANES);
      d0 = FloatVector.fromArray(SPECIES, s, sumD);
      d1 = FloatVector.fromArray(SPECIES, s, sumD + LANES);
      d2 = FloatVector.fromArray(SPECIES, s, sumD + 2 * LANES);
      e0 = FloatVector.fromArray(SPECIES, s, sumE);
      e1 = FloatVector.fromArray(SPECIES, s, sumE + LANES);
      e2 = FloatVector.fromArray(SPECIES, s, sumE + 2 * LANES);
      f0 = FloatVector.fromArray(SPECIES, s, sumF);
      f1 = FloatVector.fromArray(SPECIES, s, sumF + LANES);
      f2 = FloatVector.fromArray(SPECIES, s, sumF + 2 * LANES);
    }
    for (int step = from; step < to; step++) {
      int at = first + offsets[step];
      int px = step * STEP;
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * LANES);
      FloatVector aAt0 = FloatVector.fromArray(SPECIES, go, goA + px);
      a0 = aAt0.fma(x0, a0);
      a1 = aAt0.fma(x1, a1);
      a2 = aAt0.fma(x2, a2);
      FloatVector bAt0 = FloatVector.fromArray(SPECIES, go, goB + px);
      b0 = bAt0.fma(x0, b0);
      b1 = bAt0.fma(x1, b1);
      b2 = bAt0.fma(x2, b2);
      FloatVector cAt0 = FloatVector.fromArray(SPECIES, go, goC + px);
      c0 = cAt0.fma(x0, c0);
      c1 = cAt0.fma(x1, c1);
      c2 = cAt0.fma(x2, c2);
      FloatVector dAt0 = FloatVector.fromArray(SPECIES, go, goD + px);
      d0 = dAt0.fma(x0, d0);
      d1 = dAt0.fma(x1, d1);
      d2 = dAt0.fma(x2, d2);
      FloatVector eAt0 = FloatVector.fromArray(SPECIES, go, goE + px);
      e0 = eAt0.fma(x0, e0);
      e1 = eAt0.fma(x1, e1);
      e2 = eAt0.fma(x2, e2);
      FloatVector fAt0 = FloatVector.fromArray(SPECIES, go, goF + px);
      f0 = fAt0.fma(x0, f0);
      f1 = fAt0.fma(x1, f1);
      f2 = fAt0.fma(x2, f2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * LANES);
      FloatVector aAt1 = FloatVector.fromArray(SPECIES, go, goA + px + LANES);
      a0 = aAt1.fma(x1, a0);
      a1 = aAt1.fma(x2, a1);
      a2 = aAt1.fma(x3, a2);
      FloatVector bAt1 = FloatVector.fromArray(SPECIES, go, goB + px + LANES);
      b0 = bAt1.fma(x1, b0);
      b1 = bAt1.fma(x2, b1);
      b2 = bAt1.fma(x3, b2);
      FloatVector cAt1 = FloatVector.fromArray(SPECIES, go, goC + px + LANES);
      c0 = cAt1.fma(x1, c0);
      c1 = cAt1.fma(x2, c1);
      c2 = cAt1.fma(x3, c2);
      FloatVector dAt1 = FloatVector.fromArray(SPECIES, go, goD + px + LANES);
      d0 = dAt1.fma(x1, d0);
      d1 = dAt1.fma(x2, d1);
      d2 = dAt1.fma(x3, d2);
      FloatVector eAt1 = FloatVector.fromArray(SPECIES, go, goE + px + LANES);
      e0 = eAt1.fma(x1, e0);
      e1 = eAt1.fma(x2, e1);
      e2 = eAt1.fma(x3, e2);
      FloatVector fAt1 = FloatVector.fromArray(SPECIES, go, goF + px + LANES);
      f0 = fAt1.fma(x1, f0);
      f1 = fAt1.fma(x2, f1);
      f2 = fAt1.fma(x3, f2);
      FloatVector x4 = FloatVector.fromArray(SPECIES, in, at + 4 * LANES);
      FloatVector aAt2 = FloatVector.fromArray(SPECIES, go, goA + px + 2 * LANES);
      a0 = aAt2.fma(x2, a0);
      a1 = aAt2.fma(x3, a1);
      a2 = aAt2.fma(x4, a2);
      FloatVector bAt2 = FloatVector.fromArray(SPECIES, go, goB + px + 2 * LANES);
      b0 = bAt2.fma(x2, b0);
      b1 = bAt2.fma(x3, b1);
      b2 = bAt2.fma(x4, b2);
      FloatVector cAt2 = FloatVector.fromArray(SPECIES, go, goC + px + 2 * LANES);
      c0 = cAt2.fma(x2, c0);
      c1 = cAt2.fma(x3, c1);
      c2 = cAt2.fma(x4, c2);
      FloatVector dAt2 = FloatVector.fromArray(SPECIES, go, goD + px + 2 * LANES);
      d0 = dAt2.fma(x2, d0);
      d1 = dAt2.fma(x3, d1);
      d2 = dAt2.fma(x4, d2);
      FloatVector eAt2 = FloatVector.fromArray(SPECIES, go, goE + px + 2 * LANES);
      e0 = eAt2.fma(x2, e0);
      e1 = eAt2.fma(x3, e1);
      e2 = eAt2.fma(x4, e2);
      FloatVector fAt2 = FloatVector.fromArray(SPECIES, go, goF + px + 2 * LANES);
      f0 = fAt2.fma(x2, f0);
      f1 = fAt2.fma(x3, f1);
      f2 = fAt2.fma(x4, f2);
      FloatVector x5 = FloatVector.fromArray(SPECIES, in, at + 5 * LANES);
      FloatVector aAt3 = FloatVector.fromArray(SPECIES, go, goA + px + 3 * LANES);
      a0 = aAt3.fma(x3, a0);
      a1 = aAt3.fma(x4, a1);
      a2 = aAt3.fma(x5, a2);
      FloatVector bAt3 = FloatVector.fromArray(SPECIES, go, goB + px + 3 * LANES);
      b0 = bAt3.fma(x3, b0);
      b1 = bAt3.fma(x4, b1);
      b2 = bAt3.fma(x5, b2);
      FloatVector cAt3 = FloatVector.fromArray(SPECIES, go, goC + px + 3 * LANES);
      c0 = cAt3.fma(x3, c0);
      c1 = cAt3.fma(x4, c1);
      c2 = cAt3.fma(x5, c2);
      FloatVector dAt3 = FloatVector.fromArray(SPECIES, go, goD + px + 3 * LANES);
      d0 = dAt3.fma(x3, d0);
      d1 = dAt3.fma(x4, d1);
      d2 = dAt3.fma(x5, d2);
      FloatVector eAt3 = FloatVector.fromArray(SPECIES, go, goE + px + 3 * LANES);
      e0 = eAt3.fma(x3, e0);
      e1 = eAt3.fma(x4, e1);
      e2 = eAt3.fma(x5, e2);
      FloatVector fAt3 = FloatVector.fromArray(SPECIES, go, goF + px + 3 * LANES);
      f0 = fAt3.fma(x3, f0);
      f1 = fAt3.fma(x4, f1);
      f2 = fAt3.fma(x5, f2);
    }
    a0.intoArray(s, sumA);
    a1.intoArray(s, sumA + LANES);
    a2.intoArray(s, sumA + 2 * LANES);
    b0.intoArray(s, sumB);
    b1.intoArray(s, sumB + LANES);
    b2.intoArray(s, sumB + 2 * LANES);
    c0.intoArray(s, sumC);
    c1.intoArray(s, sumC + LANES);
    c2.intoArray(s, sumC + 2 * LANES);
    d0.intoArray(s, sumD);
    d1.intoArray(s, sumD + LANES);
    d2.intoArray(s, sumD + 2 * LANES);
    e0.intoArray(s, sumE);
    e1.intoArray(s, sumE + LANES);
    e2.intoArray(s, sumE + 2 * LANES);
    f0.intoArray(s, sumF);
    f1.intoArray(s, sumF + LANES);
    f2.intoArray(s, sumF + 2 * LANES);
  }
}
