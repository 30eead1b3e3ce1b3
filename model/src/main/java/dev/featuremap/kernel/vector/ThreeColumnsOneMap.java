package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import jdk.incubator.vector.FloatVector;

/** Row form of a field 3 columns wide for a single map, as in depthwise convolutions: 8 pixels. */
final class ThreeColumnsOneMap extends RowConvolution {
  ThreeColumnsOneMap(ConvolutionGeometry geometry) {
    super(geometry, 8, 1);
  }

  @Override
  void tile(int y, int x, int f) {
    int[] offsets = rowOffsets;
    int[] taps = weightRows;
    float[] in = input;
    float[] p = parameters;
    int from = inputOffset(y, x);
    int w = weightOffset(f);
    FloatVector b = FloatVector.broadcast(SPECIES, bias(f));
    FloatVector b0 = b, b1 = b, b2 = b, b3 = b, b4 = b, b5 = b, b6 = b, b7 = b;
    for (int r = 0; r < offsets.length; r++) {
      int k = taps[r];
      int at = from + offsets[r];
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * LANES);
      FloatVector x4 = FloatVector.fromArray(SPECIES, in, at + 4 * LANES);
      FloatVector x5 = FloatVector.fromArray(SPECIES, in, at + 5 * LANES);
      FloatVector x6 = FloatVector.fromArray(SPECIES, in, at + 6 * LANES);
      FloatVector x7 = FloatVector.fromArray(SPECIES, in, at + 7 * LANES);
      FloatVector x8 = FloatVector.fromArray(SPECIES, in, at + 8 * LANES);
      FloatVector x9 = FloatVector.fromArray(SPECIES, in, at + 9 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, p[w + k]);
      FloatVector w1 = FloatVector.broadcast(SPECIES, p[w + k + 1]);
      FloatVector w2 = FloatVector.broadcast(SPECIES, p[w + k + 2]);
      b0 = w2.fma(x2, w1.fma(x1, w0.fma(x0, b0)));
      b1 = w2.fma(x3, w1.fma(x2, w0.fma(x1, b1)));
      b2 = w2.fma(x4, w1.fma(x3, w0.fma(x2, b2)));
      b3 = w2.fma(x5, w1.fma(x4, w0.fma(x3, b3)));
      b4 = w2.fma(x6, w1.fma(x5, w0.fma(x4, b4)));
      b5 = w2.fma(x7, w1.fma(x6, w0.fma(x5, b5)));
      b6 = w2.fma(x8, w1.fma(x7, w0.fma(x6, b6)));
      b7 = w2.fma(x9, w1.fma(x8, w0.fma(x7, b7)));
    }
    int to = outputOffset(f, y, x);
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(b0).intoArray(output, to);
    neutral.add(b1).intoArray(output, to + LANES);
    neutral.add(b2).intoArray(output, to + 2 * LANES);
    neutral.add(b3).intoArray(output, to + 3 * LANES);
    neutral.add(b4).intoArray(output, to + 4 * LANES);
    neutral.add(b5).intoArray(output, to + 5 * LANES);
    neutral.add(b6).intoArray(output, to + 6 * LANES);
    neutral.add(b7).intoArray(output, to + 7 * LANES);
  }
}
