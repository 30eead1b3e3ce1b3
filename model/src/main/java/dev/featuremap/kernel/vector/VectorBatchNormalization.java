package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.BatchNormalization;
import dev.featuremap.kernel.NormalizationGradient;
import dev.featuremap.kernel.scalar.ScalarBatchNormalization;
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
  protected void sum(float[] input, int from, float[] sums) {
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
  protected void sumSquares(float[] input, int from, float center, float[] sums) {
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
  protected void sumGradients(
      float[] input,
      float[] gradient,
      int from,
      NormalizationGradient factors,
      int c,
      float[] sums,
      float[] products) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      int end = from + chainedEnd();
      sumGradients(input, gradient, from + lane, end, factors, c, sums, products, lane);
    }
  }

  private static void sumGradients(
      float[] input,
      float[] gradient,
      int from,
      int end,
      NormalizationGradient factors,
      int c,
      float[] sums,
      float[] products,
      int lane) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector mean = FloatVector.broadcast(SPECIES, factors.means[c]);
    FloatVector scale = FloatVector.broadcast(SPECIES, factors.passScale[c]);
    FloatVector shift = FloatVector.broadcast(SPECIES, factors.passShift[c]);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    for (int at = from; at < end; at += STEP) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, input, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, input, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, input, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, input, at + 3 * LANES);
      FloatVector g0 = FloatVector.fromArray(SPECIES, gradient, at);
      FloatVector g1 = FloatVector.fromArray(SPECIES, gradient, at + LANES);
      FloatVector g2 = FloatVector.fromArray(SPECIES, gradient, at + 2 * LANES);
      FloatVector g3 = FloatVector.fromArray(SPECIES, gradient, at + 3 * LANES);
      g0 = zero.blend(g0, zero.lt(x0.fma(scale, shift)));
      g1 = zero.blend(g1, zero.lt(x1.fma(scale, shift)));
      g2 = zero.blend(g2, zero.lt(x2.fma(scale, shift)));
      g3 = zero.blend(g3, zero.lt(x3.fma(scale, shift)));
      a0 = a0.add(g0);
      a1 = a1.add(g1);
      a2 = a2.add(g2);
      a3 = a3.add(g3);
      b0 = x0.sub(mean).fma(g0, b0);
      b1 = x1.sub(mean).fma(g1, b1);
      b2 = x2.sub(mean).fma(g2, b2);
      b3 = x3.sub(mean).fma(g3, b3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sums, lane);
    b0.add(b1).add(b2.add(b3)).intoArray(products, lane);
  }

  @Override
  protected void normalize(
      float[] input, int from, float scale, float shift, float floor, float[] output) {
    FloatVector a = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, shift);
    FloatVector least = FloatVector.broadcast(SPECIES, floor);
    for (int k = from; k < from + plane(); k += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, input, k).fma(a, b).max(least).intoArray(output, k);
    }
  }

  @Override
  protected void normalizeAndAdd(
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
  protected void descend(
      float[] input,
      float[] gradient,
      int from,
      NormalizationGradient factors,
      int c,
      float[] inputGradient) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector mean = FloatVector.broadcast(SPECIES, factors.means[c]);
    FloatVector scale = FloatVector.broadcast(SPECIES, factors.passScale[c]);
    FloatVector shift = FloatVector.broadcast(SPECIES, factors.passShift[c]);
    FloatVector ofGradient = FloatVector.broadcast(SPECIES, factors.ofGradient[c]);
    FloatVector ofDistance = FloatVector.broadcast(SPECIES, factors.ofDistance[c]);
    FloatVector constant = FloatVector.broadcast(SPECIES, factors.constant[c]);
    for (int k = from; k < from + plane(); k += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector g = FloatVector.fromArray(SPECIES, gradient, k);
      g = zero.blend(g, zero.lt(x.fma(scale, shift)));
      g.fma(ofGradient, x.sub(mean).fma(ofDistance, constant)).intoArray(inputGradient, k);
    }
  }
}
