package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import jdk.incubator.vector.FloatVector;

/** Row form of a field 5 columns wide: 4 pixels × 4 maps, 16 accumulators and 8 inputs. */
final class FiveColumns extends RowConvolution {
  FiveColumns(ConvolutionGeometry geometry) {
    super(geometry, 4, 4);
  }

  @Override
  void tile(int y, int x, int f) {
    int[] offsets = rowOffsets;
    int[] taps = weightRows;
    float[] in = input;
    float[] p = parameters;
    int from = inputOffset(y, x);
    int f1 = Math.min(f + 1, g.featureMaps() - 1);
    int f2 = Math.min(f + 2, g.featureMaps() - 1);
    int f3 = Math.min(f + 3, g.featureMaps() - 1);
    int w = weightOffset(f);
    int v = weightOffset(f1);
    int u = weightOffset(f2);
    int s = weightOffset(f3);
    FloatVector b = FloatVector.broadcast(SPECIES, bias(f));
    FloatVector c = FloatVector.broadcast(SPECIES, bias(f1));
    FloatVector d = FloatVector.broadcast(SPECIES, bias(f2));
    FloatVector e = FloatVector.broadcast(SPECIES, bias(f3));
    FloatVector b0 = b, b1 = b, b2 = b, b3 = b;
    FloatVector c0 = c, c1 = c, c2 = c, c3 = c;
    FloatVector d0 = d, d1 = d, d2 = d, d3 = d;
    FloatVector e0 = e, e1 = e, e2 = e, e3 = e;
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
      FloatVector w0 = FloatVector.broadcast(SPECIES, p[w + k]);
      FloatVector w1 = FloatVector.broadcast(SPECIES, p[w + k + 1]);
      FloatVector w2 = FloatVector.broadcast(SPECIES, p[w + k + 2]);
      FloatVector w3 = FloatVector.broadcast(SPECIES, p[w + k + 3]);
      FloatVector w4 = FloatVector.broadcast(SPECIES, p[w + k + 4]);
      b0 = w4.fma(x4, w3.fma(x3, w2.fma(x2, w1.fma(x1, w0.fma(x0, b0)))));
      b1 = w4.fma(x5, w3.fma(x4, w2.fma(x3, w1.fma(x2, w0.fma(x1, b1)))));
      b2 = w4.fma(x6, w3.fma(x5, w2.fma(x4, w1.fma(x3, w0.fma(x2, b2)))));
      b3 = w4.fma(x7, w3.fma(x6, w2.fma(x5, w1.fma(x4, w0.fma(x3, b3)))));
      FloatVector v0 = FloatVector.broadcast(SPECIES, p[v + k]);
      FloatVector v1 = FloatVector.broadcast(SPECIES, p[v + k + 1]);
      FloatVector v2 = FloatVector.broadcast(SPECIES, p[v + k + 2]);
      FloatVector v3 = FloatVector.broadcast(SPECIES, p[v + k + 3]);
      FloatVector v4 = FloatVector.broadcast(SPECIES, p[v + k + 4]);
      c0 = v4.fma(x4, v3.fma(x3, v2.fma(x2, v1.fma(x1, v0.fma(x0, c0)))));
      c1 = v4.fma(x5, v3.fma(x4, v2.fma(x3, v1.fma(x2, v0.fma(x1, c1)))));
      c2 = v4.fma(x6, v3.fma(x5, v2.fma(x4, v1.fma(x3, v0.fma(x2, c2)))));
      c3 = v4.fma(x7, v3.fma(x6, v2.fma(x5, v1.fma(x4, v0.fma(x3, c3)))));
      FloatVector u0 = FloatVector.broadcast(SPECIES, p[u + k]);
      FloatVector u1 = FloatVector.broadcast(SPECIES, p[u + k + 1]);
      FloatVector u2 = FloatVector.broadcast(SPECIES, p[u + k + 2]);
      FloatVector u3 = FloatVector.broadcast(SPECIES, p[u + k + 3]);
      FloatVector u4 = FloatVector.broadcast(SPECIES, p[u + k + 4]);
      d0 = u4.fma(x4, u3.fma(x3, u2.fma(x2, u1.fma(x1, u0.fma(x0, d0)))));
      d1 = u4.fma(x5, u3.fma(x4, u2.fma(x3, u1.fma(x2, u0.fma(x1, d1)))));
      d2 = u4.fma(x6, u3.fma(x5, u2.fma(x4, u1.fma(x3, u0.fma(x2, d2)))));
      d3 = u4.fma(x7, u3.fma(x6, u2.fma(x5, u1.fma(x4, u0.fma(x3, d3)))));
      FloatVector s0 = FloatVector.broadcast(SPECIES, p[s + k]);
      FloatVector s1 = FloatVector.broadcast(SPECIES, p[s + k + 1]);
      FloatVector s2 = FloatVector.broadcast(SPECIES, p[s + k + 2]);
      FloatVector s3 = FloatVector.broadcast(SPECIES, p[s + k + 3]);
      FloatVector s4 = FloatVector.broadcast(SPECIES, p[s + k + 4]);
      e0 = s4.fma(x4, s3.fma(x3, s2.fma(x2, s1.fma(x1, s0.fma(x0, e0)))));
      e1 = s4.fma(x5, s3.fma(x4, s2.fma(x3, s1.fma(x2, s0.fma(x1, e1)))));
      e2 = s4.fma(x6, s3.fma(x5, s2.fma(x4, s1.fma(x3, s0.fma(x2, e2)))));
      e3 = s4.fma(x7, s3.fma(x6, s2.fma(x5, s1.fma(x4, s0.fma(x3, e3)))));
    }
    int to = outputOffset(f, y, x);
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(b0).intoArray(output, to);
    neutral.add(b1).intoArray(output, to + LANES);
    neutral.add(b2).intoArray(output, to + 2 * LANES);
    neutral.add(b3).intoArray(output, to + 3 * LANES);
    to = outputOffset(f1, y, x);
    neutral.add(c0).intoArray(output, to);
    neutral.add(c1).intoArray(output, to + LANES);
    neutral.add(c2).intoArray(output, to + 2 * LANES);
    neutral.add(c3).intoArray(output, to + 3 * LANES);
    to = outputOffset(f2, y, x);
    neutral.add(d0).intoArray(output, to);
    neutral.add(d1).intoArray(output, to + LANES);
    neutral.add(d2).intoArray(output, to + 2 * LANES);
    neutral.add(d3).intoArray(output, to + 3 * LANES);
    to = outputOffset(f3, y, x);
    neutral.add(e0).intoArray(output, to);
    neutral.add(e1).intoArray(output, to + LANES);
    neutral.add(e2).intoArray(output, to + 2 * LANES);
    neutral.add(e3).intoArray(output, to + 3 * LANES);
  }
}
