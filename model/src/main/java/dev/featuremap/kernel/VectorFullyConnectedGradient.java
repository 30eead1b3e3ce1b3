package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One call of {@link Kernels#fullyConnectedWeightGradient} with the Vector API: vectors of inputs,
 * a chain over images, and register tiles of 4 outputs × 4 vectors, then 4 × 1, then scalars. A
 * tile past the last output repeats that output; its copies read and write the same values.
 */
final class VectorFullyConnectedGradient {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int WIDTH = SPECIES.length();
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_OUTPUTS = 4;

  private final int inputs;
  private final int outputs;

  /** The transposed input, {@code [16, inputs]}. */
  private final float[] images;

  private final float[] outputGradient;
  private final float[] parameterGradient;
  private final int weightsAt;

  VectorFullyConnectedGradient(
      int inputs,
      int outputs,
      float[] images,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.images = images;
    this.outputGradient = outputGradient;
    this.parameterGradient = parameterGradient;
    this.weightsAt = weightsAt;
  }

  void run() {
    int i = 0;
    for (; i + 4 * WIDTH <= inputs; i += 4 * WIDTH) {
      for (int o = 0; o < outputs; o += TILE_OUTPUTS) {
        fourVectors(i, o);
      }
    }
    for (; i + WIDTH <= inputs; i += WIDTH) {
      for (int o = 0; o < outputs; o += TILE_OUTPUTS) {
        oneVector(i, o);
      }
    }
    for (int o = 0; o < outputs; o++) {
      scalar(i, o);
    }
  }

  /** A tile past the last output repeats that output. */
  private int output(int o) {
    return Math.min(o, outputs - 1);
  }

  private void fourVectors(int i, int o) {
    float[] in = images;
    float[] go = outputGradient;
    float[] gw = parameterGradient;
    int wA = weightsAt + output(o) * inputs + i;
    int wB = weightsAt + output(o + 1) * inputs + i;
    int wC = weightsAt + output(o + 2) * inputs + i;
    int wD = weightsAt + output(o + 3) * inputs + i;
    int goA = output(o) * LANES;
    int goB = output(o + 1) * LANES;
    int goC = output(o + 2) * LANES;
    int goD = output(o + 3) * LANES;
    FloatVector a0 = FloatVector.fromArray(SPECIES, gw, wA);
    FloatVector a1 = FloatVector.fromArray(SPECIES, gw, wA + WIDTH);
    FloatVector a2 = FloatVector.fromArray(SPECIES, gw, wA + 2 * WIDTH);
    FloatVector a3 = FloatVector.fromArray(SPECIES, gw, wA + 3 * WIDTH);
    FloatVector b0 = FloatVector.fromArray(SPECIES, gw, wB);
    FloatVector b1 = FloatVector.fromArray(SPECIES, gw, wB + WIDTH);
    FloatVector b2 = FloatVector.fromArray(SPECIES, gw, wB + 2 * WIDTH);
    FloatVector b3 = FloatVector.fromArray(SPECIES, gw, wB + 3 * WIDTH);
    FloatVector c0 = FloatVector.fromArray(SPECIES, gw, wC);
    FloatVector c1 = FloatVector.fromArray(SPECIES, gw, wC + WIDTH);
    FloatVector c2 = FloatVector.fromArray(SPECIES, gw, wC + 2 * WIDTH);
    FloatVector c3 = FloatVector.fromArray(SPECIES, gw, wC + 3 * WIDTH);
    FloatVector d0 = FloatVector.fromArray(SPECIES, gw, wD);
    FloatVector d1 = FloatVector.fromArray(SPECIES, gw, wD + WIDTH);
    FloatVector d2 = FloatVector.fromArray(SPECIES, gw, wD + 2 * WIDTH);
    FloatVector d3 = FloatVector.fromArray(SPECIES, gw, wD + 3 * WIDTH);
    for (int lane = 0, at = i; lane < LANES; lane++, at += inputs) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + WIDTH);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * WIDTH);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * WIDTH);
      FloatVector a = FloatVector.broadcast(SPECIES, go[goA + lane]);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      a2 = a.fma(x2, a2);
      a3 = a.fma(x3, a3);
      FloatVector b = FloatVector.broadcast(SPECIES, go[goB + lane]);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      b2 = b.fma(x2, b2);
      b3 = b.fma(x3, b3);
      FloatVector c = FloatVector.broadcast(SPECIES, go[goC + lane]);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      c2 = c.fma(x2, c2);
      c3 = c.fma(x3, c3);
      FloatVector d = FloatVector.broadcast(SPECIES, go[goD + lane]);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
      d2 = d.fma(x2, d2);
      d3 = d.fma(x3, d3);
    }
    a0.intoArray(gw, wA);
    a1.intoArray(gw, wA + WIDTH);
    a2.intoArray(gw, wA + 2 * WIDTH);
    a3.intoArray(gw, wA + 3 * WIDTH);
    b0.intoArray(gw, wB);
    b1.intoArray(gw, wB + WIDTH);
    b2.intoArray(gw, wB + 2 * WIDTH);
    b3.intoArray(gw, wB + 3 * WIDTH);
    c0.intoArray(gw, wC);
    c1.intoArray(gw, wC + WIDTH);
    c2.intoArray(gw, wC + 2 * WIDTH);
    c3.intoArray(gw, wC + 3 * WIDTH);
    d0.intoArray(gw, wD);
    d1.intoArray(gw, wD + WIDTH);
    d2.intoArray(gw, wD + 2 * WIDTH);
    d3.intoArray(gw, wD + 3 * WIDTH);
  }

  private void oneVector(int i, int o) {
    float[] in = images;
    float[] go = outputGradient;
    float[] gw = parameterGradient;
    int wA = weightsAt + output(o) * inputs + i;
    int wB = weightsAt + output(o + 1) * inputs + i;
    int wC = weightsAt + output(o + 2) * inputs + i;
    int wD = weightsAt + output(o + 3) * inputs + i;
    int goA = output(o) * LANES;
    int goB = output(o + 1) * LANES;
    int goC = output(o + 2) * LANES;
    int goD = output(o + 3) * LANES;
    FloatVector a = FloatVector.fromArray(SPECIES, gw, wA);
    FloatVector b = FloatVector.fromArray(SPECIES, gw, wB);
    FloatVector c = FloatVector.fromArray(SPECIES, gw, wC);
    FloatVector d = FloatVector.fromArray(SPECIES, gw, wD);
    for (int lane = 0, at = i; lane < LANES; lane++, at += inputs) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, at);
      a = x.fma(FloatVector.broadcast(SPECIES, go[goA + lane]), a);
      b = x.fma(FloatVector.broadcast(SPECIES, go[goB + lane]), b);
      c = x.fma(FloatVector.broadcast(SPECIES, go[goC + lane]), c);
      d = x.fma(FloatVector.broadcast(SPECIES, go[goD + lane]), d);
    }
    a.intoArray(gw, wA);
    b.intoArray(gw, wB);
    c.intoArray(gw, wC);
    d.intoArray(gw, wD);
  }

  /** The inputs from {@code first} on, which fill no vector. */
  private void scalar(int first, int o) {
    for (int i = first; i < inputs; i++) {
      int w = weightsAt + o * inputs + i;
      float sum = parameterGradient[w];
      for (int lane = 0; lane < LANES; lane++) {
        sum = Math.fma(outputGradient[o * LANES + lane], images[lane * inputs + i], sum);
      }
      parameterGradient[w] = sum;
    }
  }
}
