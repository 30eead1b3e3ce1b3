package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import jdk.incubator.vector.FloatVector;

/** Row form of a field 5 columns wide: 4 maps × 1 row × 5 taps, 2 pixels at a time. */
final class FiveTapGradient extends RowGradient {
  FiveTapGradient(ConvolutionGeometry geometry) {
    super(geometry, 4);
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
    int sumA = sumsOffset(row);
    int sumB = sumA + mapStride;
    int sumC = sumB + mapStride;
    int sumD = sumC + mapStride;
    FloatVector a0 = FloatVector.fromArray(SPECIES, s, sumA);
    FloatVector a1 = FloatVector.fromArray(SPECIES, s, sumA + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, s, sumA + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, s, sumA + 3 * LANES);
    FloatVector a4 = FloatVector.fromArray(SPECIES, s, sumA + 4 * LANES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, s, sumB);
    FloatVector b1 = FloatVector.fromArray(SPECIES, s, sumB + LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, s, sumB + 2 * LANES);
    FloatVector b3 = FloatVector.fromArray(SPECIES, s, sumB + 3 * LANES);
    FloatVector b4 = FloatVector.fromArray(SPECIES, s, sumB + 4 * LANES);
    FloatVector c0 = FloatVector.fromArray(SPECIES, s, sumC);
    FloatVector c1 = FloatVector.fromArray(SPECIES, s, sumC + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, s, sumC + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, s, sumC + 3 * LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, s, sumC + 4 * LANES);
    FloatVector d0 = FloatVector.fromArray(SPECIES, s, sumD);
    FloatVector d1 = FloatVector.fromArray(SPECIES, s, sumD + LANES);
    FloatVector d2 = FloatVector.fromArray(SPECIES, s, sumD + 2 * LANES);
    FloatVector d3 = FloatVector.fromArray(SPECIES, s, sumD + 3 * LANES);
    FloatVector d4 = FloatVector.fromArray(SPECIES, s, sumD + 4 * LANES);
    for (int step = from; step < to; step++) {
      int at = first + offsets[step];
      int px = step * STEP;
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * LANES);
      FloatVector x4 = FloatVector.fromArray(SPECIES, in, at + 4 * LANES);
      FloatVector aAt0 = FloatVector.fromArray(SPECIES, go, goA + px);
      a0 = aAt0.fma(x0, a0);
      a1 = aAt0.fma(x1, a1);
      a2 = aAt0.fma(x2, a2);
      a3 = aAt0.fma(x3, a3);
      a4 = aAt0.fma(x4, a4);
      FloatVector bAt0 = FloatVector.fromArray(SPECIES, go, goB + px);
      b0 = bAt0.fma(x0, b0);
      b1 = bAt0.fma(x1, b1);
      b2 = bAt0.fma(x2, b2);
      b3 = bAt0.fma(x3, b3);
      b4 = bAt0.fma(x4, b4);
      FloatVector cAt0 = FloatVector.fromArray(SPECIES, go, goC + px);
      c0 = cAt0.fma(x0, c0);
      c1 = cAt0.fma(x1, c1);
      c2 = cAt0.fma(x2, c2);
      c3 = cAt0.fma(x3, c3);
      c4 = cAt0.fma(x4, c4);
      FloatVector dAt0 = FloatVector.fromArray(SPECIES, go, goD + px);
      d0 = dAt0.fma(x0, d0);
      d1 = dAt0.fma(x1, d1);
      d2 = dAt0.fma(x2, d2);
      d3 = dAt0.fma(x3, d3);
      d4 = dAt0.fma(x4, d4);
      FloatVector x5 = FloatVector.fromArray(SPECIES, in, at + 5 * LANES);
      FloatVector aAt1 = FloatVector.fromArray(SPECIES, go, goA + px + LANES);
      a0 = aAt1.fma(x1, a0);
      a1 = aAt1.fma(x2, a1);
      a2 = aAt1.fma(x3, a2);
      a3 = aAt1.fma(x4, a3);
      a4 = aAt1.fma(x5, a4);
      FloatVector bAt1 = FloatVector.fromArray(SPECIES, go, goB + px + LANES);
      b0 = bAt1.fma(x1, b0);
      b1 = bAt1.fma(x2, b1);
      b2 = bAt1.fma(x3, b2);
      b3 = bAt1.fma(x4, b3);
      b4 = bAt1.fma(x5, b4);
      FloatVector cAt1 = FloatVector.fromArray(SPECIES, go, goC + px + LANES);
      c0 = cAt1.fma(x1, c0);
      c1 = cAt1.fma(x2, c1);
      c2 = cAt1.fma(x3, c2);
      c3 = cAt1.fma(x4, c3);
      c4 = cAt1.fma(x5, c4);
      FloatVector dAt1 = FloatVector.fromArray(SPECIES, go, goD + px + LANES);
      d0 = dAt1.fma(x1, d0);
      d1 = dAt1.fma(x2, d1);
      d2 = dAt1.fma(x3, d2);
      d3 = dAt1.fma(x4, d3);
      d4 = dAt1.fma(x5, d4);
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(s, sumA);
    neutral.add(a1).intoArray(s, sumA + LANES);
    neutral.add(a2).intoArray(s, sumA + 2 * LANES);
    neutral.add(a3).intoArray(s, sumA + 3 * LANES);
    neutral.add(a4).intoArray(s, sumA + 4 * LANES);
    neutral.add(b0).intoArray(s, sumB);
    neutral.add(b1).intoArray(s, sumB + LANES);
    neutral.add(b2).intoArray(s, sumB + 2 * LANES);
    neutral.add(b3).intoArray(s, sumB + 3 * LANES);
    neutral.add(b4).intoArray(s, sumB + 4 * LANES);
    neutral.add(c0).intoArray(s, sumC);
    neutral.add(c1).intoArray(s, sumC + LANES);
    neutral.add(c2).intoArray(s, sumC + 2 * LANES);
    neutral.add(c3).intoArray(s, sumC + 3 * LANES);
    neutral.add(c4).intoArray(s, sumC + 4 * LANES);
    neutral.add(d0).intoArray(s, sumD);
    neutral.add(d1).intoArray(s, sumD + LANES);
    neutral.add(d2).intoArray(s, sumD + 2 * LANES);
    neutral.add(d3).intoArray(s, sumD + 3 * LANES);
    neutral.add(d4).intoArray(s, sumD + 4 * LANES);
  }
}
