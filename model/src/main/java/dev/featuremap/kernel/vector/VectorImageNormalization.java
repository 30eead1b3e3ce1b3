package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ImageNormalization;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ImageNormalization} with the Vector API: vectors lie along the lanes. */
final class VectorImageNormalization implements ImageNormalization {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int CHAINS = 4;
  private static final int STEP = CHAINS * LANES;

  @Override
  public void sum(float[] values, int from, int pixels, float[] sums) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      sumLanes(values, from + lane, pixels, sums, lane);
    }
  }

  private static void sumLanes(float[] values, int from, int pixels, float[] sums, int lane) {
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    int at = from;
    for (int end = from + pixels / CHAINS * STEP; at < end; at += STEP) {
      a0 = a0.add(FloatVector.fromArray(SPECIES, values, at));
      a1 = a1.add(FloatVector.fromArray(SPECIES, values, at + LANES));
      a2 = a2.add(FloatVector.fromArray(SPECIES, values, at + 2 * LANES));
      a3 = a3.add(FloatVector.fromArray(SPECIES, values, at + 3 * LANES));
    }
    FloatVector a = a0.add(a1).add(a2.add(a3));
    for (; at < from + pixels * LANES; at += LANES) {
      a = a.add(FloatVector.fromArray(SPECIES, values, at));
    }
    a.intoArray(sums, lane);
  }

  @Override
  public void deviations(
      float[] values, int from, int pixels, float[] centers, float[] sums, float[] squares) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      deviationsOfLanes(values, from + lane, pixels, centers, sums, squares, lane);
    }
  }

  private static void deviationsOfLanes(
      float[] values,
      int from,
      int pixels,
      float[] centers,
      float[] sums,
      float[] squares,
      int lane) {
    FloatVector center = FloatVector.fromArray(SPECIES, centers, lane);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    int at = from;
    for (int end = from + pixels / CHAINS * STEP; at < end; at += STEP) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, values, at).sub(center);
      FloatVector d1 = FloatVector.fromArray(SPECIES, values, at + LANES).sub(center);
      FloatVector d2 = FloatVector.fromArray(SPECIES, values, at + 2 * LANES).sub(center);
      FloatVector d3 = FloatVector.fromArray(SPECIES, values, at + 3 * LANES).sub(center);
      a0 = a0.add(d0);
      a1 = a1.add(d1);
      a2 = a2.add(d2);
      a3 = a3.add(d3);
      b0 = d0.fma(d0, b0);
      b1 = d1.fma(d1, b1);
      b2 = d2.fma(d2, b2);
      b3 = d3.fma(d3, b3);
    }
    FloatVector a = a0.add(a1).add(a2.add(a3));
    FloatVector b = b0.add(b1).add(b2.add(b3));
    for (; at < from + pixels * LANES; at += LANES) {
      FloatVector d = FloatVector.fromArray(SPECIES, values, at).sub(center);
      a = a.add(d);
      b = d.fma(d, b);
    }
    a.intoArray(sums, lane);
    b.intoArray(squares, lane);
  }

  @Override
  public void normalize(
      float[] values,
      int from,
      int pixels,
      float[] centers,
      float[] scales,
      float[] shifts,
      float[] output) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      FloatVector center = FloatVector.fromArray(SPECIES, centers, lane);
      FloatVector scale = FloatVector.fromArray(SPECIES, scales, lane);
      FloatVector shift = FloatVector.fromArray(SPECIES, shifts, lane);
      int end = from + pixels * LANES;
      for (int at = from + lane; at < end; at += LANES) {
        FloatVector.fromArray(SPECIES, values, at)
            .sub(center)
            .fma(scale, shift)
            .intoArray(output, at);
      }
    }
  }

  @Override
  public void gradientSums(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] sums,
      float[] products) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      gradientSumsOfLanes(values, gradient, from + lane, pixels, centers, sums, products, lane);
    }
  }

  private static void gradientSumsOfLanes(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] sums,
      float[] products,
      int lane) {
    FloatVector center = FloatVector.fromArray(SPECIES, centers, lane);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    int at = from;
    for (int end = from + pixels / CHAINS * STEP; at < end; at += STEP) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, gradient, at);
      FloatVector g1 = FloatVector.fromArray(SPECIES, gradient, at + LANES);
      FloatVector g2 = FloatVector.fromArray(SPECIES, gradient, at + 2 * LANES);
      FloatVector g3 = FloatVector.fromArray(SPECIES, gradient, at + 3 * LANES);
      a0 = a0.add(g0);
      a1 = a1.add(g1);
      a2 = a2.add(g2);
      a3 = a3.add(g3);
      b0 = FloatVector.fromArray(SPECIES, values, at).sub(center).fma(g0, b0);
      b1 = FloatVector.fromArray(SPECIES, values, at + LANES).sub(center).fma(g1, b1);
      b2 = FloatVector.fromArray(SPECIES, values, at + 2 * LANES).sub(center).fma(g2, b2);
      b3 = FloatVector.fromArray(SPECIES, values, at + 3 * LANES).sub(center).fma(g3, b3);
    }
    FloatVector a = a0.add(a1).add(a2.add(a3));
    FloatVector b = b0.add(b1).add(b2.add(b3));
    for (; at < from + pixels * LANES; at += LANES) {
      FloatVector g = FloatVector.fromArray(SPECIES, gradient, at);
      a = a.add(g);
      b = FloatVector.fromArray(SPECIES, values, at).sub(center).fma(g, b);
    }
    a.intoArray(sums, lane);
    b.intoArray(products, lane);
  }

  @Override
  public void inputGradient(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] ofGradient,
      float[] ofDistance,
      float[] constants,
      float[] inputGradient) {
    for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
      FloatVector center = FloatVector.fromArray(SPECIES, centers, lane);
      FloatVector a = FloatVector.fromArray(SPECIES, ofGradient, lane);
      FloatVector b = FloatVector.fromArray(SPECIES, ofDistance, lane);
      FloatVector constant = FloatVector.fromArray(SPECIES, constants, lane);
      int end = from + pixels * LANES;
      for (int at = from + lane; at < end; at += LANES) {
        FloatVector distance = FloatVector.fromArray(SPECIES, values, at).sub(center);
        FloatVector.fromArray(SPECIES, gradient, at)
            .fma(a, distance.fma(b, constant))
            .intoArray(inputGradient, at);
      }
    }
  }
}
