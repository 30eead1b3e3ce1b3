package dev.featuremap.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FullyConnectedProducts#weightGradient} with the Vector API: vectors of inputs, a chain
 * over images, and register tiles of 5 outputs × 4 vectors, or × 1 where there are few inputs.
 *
 * <p>A tile that would reach past the last input moves left, and one past the last output repeats
 * it: gradients computed twice get the same bits.
 */
final class VectorFullyConnectedGradient {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int WIDTH = SPECIES.length();
  private static final int TILE_INPUTS = 4 * WIDTH;
  private static final int TILE_OUTPUTS = 5;

  private final int inputs;
  private final int outputs;

  private int images;
  private float[] inputRows;
  private float[] gradientRows;
  private float[] parameterGradient;
  private int weightsAt;
  private int endOutput;

  VectorFullyConnectedGradient(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  void weights(
      int images,
      float[] inputRows,
      float[] gradientRows,
      float[] parameterGradient,
      int weightsAt,
      int firstOutput,
      int endOutput) {
    this.images = images;
    this.inputRows = inputRows;
    this.gradientRows = gradientRows;
    this.parameterGradient = parameterGradient;
    this.weightsAt = weightsAt;
    this.endOutput = endOutput;
    if (inputs < TILE_INPUTS) {
      for (int i = 0; i < inputs; i += WIDTH) {
        for (int o = firstOutput; o < endOutput; o += TILE_OUTPUTS) {
          oneVector(Math.min(i, inputs - WIDTH), o);
        }
      }
      return;
    }
    for (int i = 0; i < inputs; i += TILE_INPUTS) {
      for (int o = firstOutput; o < endOutput; o += TILE_OUTPUTS) {
        fourVectors(Math.min(i, inputs - TILE_INPUTS), o);
      }
    }
  }

  /** 5 outputs from {@code o} × 4 vectors of inputs from {@code i}. */
  private void fourVectors(int i, int o) {
    float[] x = inputRows;
    float[] go = gradientRows;
    int goA = Math.min(o, endOutput - 1);
    int goB = Math.min(o + 1, endOutput - 1);
    int goC = Math.min(o + 2, endOutput - 1);
    int goD = Math.min(o + 3, endOutput - 1);
    int goE = Math.min(o + 4, endOutput - 1);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0;
    FloatVector b2 = a0, b3 = a0, c0 = a0, c1 = a0, c2 = a0;
    FloatVector c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
    FloatVector e0 = a0, e1 = a0, e2 = a0, e3 = a0;
    for (int image = 0, at = i, to = 0; image < images; image++, at += inputs, to += outputs) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + WIDTH);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * WIDTH);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * WIDTH);
      FloatVector a = FloatVector.broadcast(SPECIES, go[to + goA]);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      a2 = a.fma(x2, a2);
      a3 = a.fma(x3, a3);
      FloatVector b = FloatVector.broadcast(SPECIES, go[to + goB]);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      b2 = b.fma(x2, b2);
      b3 = b.fma(x3, b3);
      FloatVector c = FloatVector.broadcast(SPECIES, go[to + goC]);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      c2 = c.fma(x2, c2);
      c3 = c.fma(x3, c3);
      FloatVector d = FloatVector.broadcast(SPECIES, go[to + goD]);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
      d2 = d.fma(x2, d2);
      d3 = d.fma(x3, d3);
      FloatVector e = FloatVector.broadcast(SPECIES, go[to + goE]);
      e0 = e.fma(x0, e0);
      e1 = e.fma(x1, e1);
      e2 = e.fma(x2, e2);
      e3 = e.fma(x3, e3);
    }
    float[] gw = parameterGradient;
    int wA = weightsAt + goA * inputs + i;
    a0.intoArray(gw, wA);
    a1.intoArray(gw, wA + WIDTH);
    a2.intoArray(gw, wA + 2 * WIDTH);
    a3.intoArray(gw, wA + 3 * WIDTH);
    int wB = weightsAt + goB * inputs + i;
    b0.intoArray(gw, wB);
    b1.intoArray(gw, wB + WIDTH);
    b2.intoArray(gw, wB + 2 * WIDTH);
    b3.intoArray(gw, wB + 3 * WIDTH);
    int wC = weightsAt + goC * inputs + i;
    c0.intoArray(gw, wC);
    c1.intoArray(gw, wC + WIDTH);
    c2.intoArray(gw, wC + 2 * WIDTH);
    c3.intoArray(gw, wC + 3 * WIDTH);
    int wD = weightsAt + goD * inputs + i;
    d0.intoArray(gw, wD);
    d1.intoArray(gw, wD + WIDTH);
    d2.intoArray(gw, wD + 2 * WIDTH);
    d3.intoArray(gw, wD + 3 * WIDTH);
    int wE = weightsAt + goE * inputs + i;
    e0.intoArray(gw, wE);
    e1.intoArray(gw, wE + WIDTH);
    e2.intoArray(gw, wE + 2 * WIDTH);
    e3.intoArray(gw, wE + 3 * WIDTH);
  }

  /** 5 outputs from {@code o} × 1 vector of inputs from {@code i}. */
  private void oneVector(int i, int o) {
    float[] x = inputRows;
    float[] go = gradientRows;
    int goA = Math.min(o, endOutput - 1);
    int goB = Math.min(o + 1, endOutput - 1);
    int goC = Math.min(o + 2, endOutput - 1);
    int goD = Math.min(o + 3, endOutput - 1);
    int goE = Math.min(o + 4, endOutput - 1);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = a0, c0 = a0, d0 = a0, e0 = a0;
    for (int image = 0, at = i, to = 0; image < images; image++, at += inputs, to += outputs) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector a = FloatVector.broadcast(SPECIES, go[to + goA]);
      a0 = a.fma(x0, a0);
      FloatVector b = FloatVector.broadcast(SPECIES, go[to + goB]);
      b0 = b.fma(x0, b0);
      FloatVector c = FloatVector.broadcast(SPECIES, go[to + goC]);
      c0 = c.fma(x0, c0);
      FloatVector d = FloatVector.broadcast(SPECIES, go[to + goD]);
      d0 = d.fma(x0, d0);
      FloatVector e = FloatVector.broadcast(SPECIES, go[to + goE]);
      e0 = e.fma(x0, e0);
    }
    float[] gw = parameterGradient;
    int wA = weightsAt + goA * inputs + i;
    a0.intoArray(gw, wA);
    int wB = weightsAt + goB * inputs + i;
    b0.intoArray(gw, wB);
    int wC = weightsAt + goC * inputs + i;
    c0.intoArray(gw, wC);
    int wD = weightsAt + goD * inputs + i;
    d0.intoArray(gw, wD);
    int wE = weightsAt + goE * inputs + i;
    e0.intoArray(gw, wE);
  }
}
