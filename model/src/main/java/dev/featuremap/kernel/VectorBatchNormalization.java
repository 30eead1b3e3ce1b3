package dev.featuremap.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link BatchNormalization} with the Vector API. */
final class VectorBatchNormalization extends ScalarBatchNormalization {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int STEP = CHAINS * LANES;

  VectorBatchNormalization(int channels, int pixels) {
    super(channels, pixels);
  }

  @Override
  void sum(float[] input, int from, float[] sums) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      sum(input, from + lane, from + chainedEnd(), sums, lane);
    }
  }

  private static void sum(float[] input, int from, int end, float[] sums, int lane) {
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    for (int at = from; at < end; at += STEP) {
      a0 = a0.add(FloatVector.fromArray(SPECIES, input, at));
      a1 = a1.add(FloatVector.fromArray(SPECIES, input, at + LANES));
      a2 = a2.add(FloatVector.fromArray(SPECIES, input, at + 2 * LANES));
      a3 = a3.add(FloatVector.fromArray(SPECIES, input, at + 3 * LANES));
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sums, lane);
  }

  @Override
  void sumSquares(float[] input, int from, float center, float[] sums) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      sumSquares(input, from + lane, from + chainedEnd(), center, sums, lane);
    }
  }

  private static void sumSquares(
      float[] input, int from, int end, float center, float[] sums, int lane) {
    FloatVector m = FloatVector.broadcast(SPECIES, center);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    for (int at = from; at < end; at += STEP) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, input, at).sub(m);
      FloatVector x1 = FloatVector.fromArray(SPECIES, input, at + LANES).sub(m);
      FloatVector x2 = FloatVector.fromArray(SPECIES, input, at + 2 * LANES).sub(m);
      FloatVector x3 = FloatVector.fromArray(SPECIES, input, at + 3 * LANES).sub(m);
      a0 = x0.fma(x0, a0);
      a1 = x1.fma(x1, a1);
      a2 = x2.fma(x2, a2);
      a3 = x3.fma(x3, a3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sums, lane);
  }

  @Override
  void sumProducts(float[] input, float[] gradient, int from, float center, float[] sums) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      sumProducts(input, gradient, from + lane, from + chainedEnd(), center, sums, lane);
    }
  }

  private static void sumProducts(
      float[] input, float[] gradient, int from, int end, float center, float[] sums, int lane) {
    FloatVector m = FloatVector.broadcast(SPECIES, center);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    for (int at = from; at < end; at += STEP) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, input, at).sub(m);
      FloatVector x1 = FloatVector.fromArray(SPECIES, input, at + LANES).sub(m);
      FloatVector x2 = FloatVector.fromArray(SPECIES, input, at + 2 * LANES).sub(m);
      FloatVector x3 = FloatVector.fromArray(SPECIES, input, at + 3 * LANES).sub(m);
      a0 = x0.fma(FloatVector.fromArray(SPECIES, gradient, at), a0);
      a1 = x1.fma(FloatVector.fromArray(SPECIES, gradient, at + LANES), a1);
      a2 = x2.fma(FloatVector.fromArray(SPECIES, gradient, at + 2 * LANES), a2);
      a3 = x3.fma(FloatVector.fromArray(SPECIES, gradient, at + 3 * LANES), a3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sums, lane);
  }

  @Override
  void normalize(float[] input, int from, float scale, float shift, float floor, float[] output) {
    FloatVector a = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, shift);
    FloatVector least = FloatVector.broadcast(SPECIES, floor);
    for (int k = from; k < from + plane(); k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, input, k).fma(a, b).max(least).intoArray(output, k);
    }
  }

  @Override
  void normalizeAndAdd(
      float[] input,
      int from,
      float scale,
      float shift,
      float[] addend,
      float floor,
      float[] output) {
    FloatVector a = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, shift);
    FloatVector least = FloatVector.broadcast(SPECIES, floor);
    for (int k = from; k < from + plane(); k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, input, k)
          .fma(a, b)
          .add(FloatVector.fromArray(SPECIES, addend, k))
          .max(least)
          .intoArray(output, k);
    }
  }

  @Override
  void descend(
      float[] input,
      float[] gradient,
      int from,
      float mean,
      float a,
      float b,
      float c,
      float[] inputGradient) {
    FloatVector m = FloatVector.broadcast(SPECIES, mean);
    FloatVector fa = FloatVector.broadcast(SPECIES, a);
    FloatVector fb = FloatVector.broadcast(SPECIES, b);
    FloatVector fc = FloatVector.broadcast(SPECIES, c);
    for (int k = from; k < from + plane(); k += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k).sub(m);
      FloatVector.fromArray(SPECIES, gradient, k)
          .fma(fa, x.fma(fb, fc))
          .intoArray(inputGradient, k);
    }
  }
}
