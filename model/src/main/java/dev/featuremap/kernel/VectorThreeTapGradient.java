package dev.featuremap.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Row form of a field 3 columns wide: 3 maps × 2 rows × 3 taps, 2 pixels at a time. */
final class VectorThreeTapGradient extends VectorRowGradient {
  static final int PIXELS = 2;

  /** One factor, so that the compiler drops the bounds checks of the output gradient. */
  private static final int STEP = PIXELS * LANES;

  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  VectorThreeTapGradient(ConvolutionGeometry geometry) {
    super(geometry, 3, 2, PIXELS);
  }

  @Override
  void tile(int f, int row, int from, int to) {
    int[] offsets = stepOffsets;
    float[] in = input;
    float[] go = outputGradient;
    float[] s = sums;
    int first = inputOffset(row);
    int second = inputOffset(row + 1);
    int goA = gradientOffset(f);
    int goB = gradientOffset(f + 1);
    int goC = gradientOffset(f + 2);
    int sumA = sumsOffset(row);
    int sumB = sumA + mapStride;
    int sumC = sumB + mapStride;
    int sumD = sumsOffset(row + 1);
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
      int by = second + offsets[step];
      int px = step * STEP;
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * LANES);
      FloatVector y0 = FloatVector.fromArray(SPECIES, in, by);
      FloatVector y1 = FloatVector.fromArray(SPECIES, in, by + LANES);
      FloatVector y2 = FloatVector.fromArray(SPECIES, in, by + 2 * LANES);
      FloatVector aAt0 = FloatVector.fromArray(SPECIES, go, goA + px);
      a0 = aAt0.fma(x0, a0);
      a1 = aAt0.fma(x1, a1);
      a2 = aAt0.fma(x2, a2);
      d0 = aAt0.fma(y0, d0);
      d1 = aAt0.fma(y1, d1);
      d2 = aAt0.fma(y2, d2);
      FloatVector bAt0 = FloatVector.fromArray(SPECIES, go, goB + px);
      b0 = bAt0.fma(x0, b0);
      b1 = bAt0.fma(x1, b1);
      b2 = bAt0.fma(x2, b2);
      e0 = bAt0.fma(y0, e0);
      e1 = bAt0.fma(y1, e1);
      e2 = bAt0.fma(y2, e2);
      FloatVector cAt0 = FloatVector.fromArray(SPECIES, go, goC + px);
      c0 = cAt0.fma(x0, c0);
      c1 = cAt0.fma(x1, c1);
      c2 = cAt0.fma(x2, c2);
      f0 = cAt0.fma(y0, f0);
      f1 = cAt0.fma(y1, f1);
      f2 = cAt0.fma(y2, f2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * LANES);
      FloatVector y3 = FloatVector.fromArray(SPECIES, in, by + 3 * LANES);
      FloatVector aAt1 = FloatVector.fromArray(SPECIES, go, goA + px + LANES);
      a0 = aAt1.fma(x1, a0);
      a1 = aAt1.fma(x2, a1);
      a2 = aAt1.fma(x3, a2);
      d0 = aAt1.fma(y1, d0);
      d1 = aAt1.fma(y2, d1);
      d2 = aAt1.fma(y3, d2);
      FloatVector bAt1 = FloatVector.fromArray(SPECIES, go, goB + px + LANES);
      b0 = bAt1.fma(x1, b0);
      b1 = bAt1.fma(x2, b1);
      b2 = bAt1.fma(x3, b2);
      e0 = bAt1.fma(y1, e0);
      e1 = bAt1.fma(y2, e1);
      e2 = bAt1.fma(y3, e2);
      FloatVector cAt1 = FloatVector.fromArray(SPECIES, go, goC + px + LANES);
      c0 = cAt1.fma(x1, c0);
      c1 = cAt1.fma(x2, c1);
      c2 = cAt1.fma(x3, c2);
      f0 = cAt1.fma(y1, f0);
      f1 = cAt1.fma(y2, f1);
      f2 = cAt1.fma(y3, f2);
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
