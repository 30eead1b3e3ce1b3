package dev.featuremap.kernel.vector;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.SCALE_A;
import static dev.featuremap.kernel.WinogradPoints.SCALE_B;
import static dev.featuremap.kernel.WinogradPoints.SCALE_ZERO;

import dev.featuremap.kernel.WinogradFields;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API twin of {@code ScalarWinogradFields}. */
record VectorWinogradFields(int span) implements WinogradFields {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  @Override
  public void weightsToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      weightsToFour(from, at, step, to, toAt, toStep);
    } else {
      weightsToSix(from, at, step, to, toAt, toStep);
    }
  }

  @Override
  public void pointsToWeights(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      fourToWeights(from, at, step, to, toAt, toStep);
    } else {
      sixToWeights(from, at, step, to, toAt, toStep);
    }
  }

  private static void weightsToFour(float[] from, int at, int step, float[] to, int toAt, int s) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int n = 0; n < COUNT; n += SPECIES.length()) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, from, at + n);
      FloatVector g1 = FloatVector.fromArray(SPECIES, from, at + step + n);
      FloatVector g2 = FloatVector.fromArray(SPECIES, from, at + 2 * step + n);
      FloatVector even = g0.add(g2).mul(half);
      FloatVector odd = g1.mul(half);
      g0.intoArray(to, toAt + n);
      even.add(odd).intoArray(to, toAt + s + n);
      even.sub(odd).intoArray(to, toAt + 2 * s + n);
      g2.intoArray(to, toAt + 3 * s + n);
    }
  }

  private static void weightsToSix(float[] from, int at, int step, float[] to, int toAt, int s) {
    FloatVector a = FloatVector.broadcast(SPECIES, A);
    FloatVector b = FloatVector.broadcast(SPECIES, B);
    FloatVector a2 = FloatVector.broadcast(SPECIES, A2);
    FloatVector b2 = FloatVector.broadcast(SPECIES, B2);
    FloatVector scaleA = FloatVector.broadcast(SPECIES, SCALE_A);
    FloatVector scaleB = FloatVector.broadcast(SPECIES, SCALE_B);
    FloatVector scaleZero = FloatVector.broadcast(SPECIES, SCALE_ZERO);
    for (int n = 0; n < COUNT; n += SPECIES.length()) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, from, at + n);
      FloatVector g1 = FloatVector.fromArray(SPECIES, from, at + step + n);
      FloatVector g2 = FloatVector.fromArray(SPECIES, from, at + 2 * step + n);
      FloatVector evenA = g0.add(g2.mul(a2)).mul(scaleA);
      FloatVector oddA = g1.mul(a).mul(scaleA);
      FloatVector evenB = g0.add(g2.mul(b2)).mul(scaleB);
      FloatVector oddB = g1.mul(b).mul(scaleB);
      g0.mul(scaleZero).intoArray(to, toAt + n);
      evenA.add(oddA).intoArray(to, toAt + s + n);
      evenA.sub(oddA).intoArray(to, toAt + 2 * s + n);
      evenB.add(oddB).intoArray(to, toAt + 3 * s + n);
      evenB.sub(oddB).intoArray(to, toAt + 4 * s + n);
      g2.intoArray(to, toAt + 5 * s + n);
    }
  }

  private static void fourToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int n = 0; n < COUNT; n += SPECIES.length()) {
      FloatVector s0 = FloatVector.fromArray(SPECIES, from, at + n);
      FloatVector s1 = FloatVector.fromArray(SPECIES, from, at + step + n);
      FloatVector s2 = FloatVector.fromArray(SPECIES, from, at + 2 * step + n);
      FloatVector s3 = FloatVector.fromArray(SPECIES, from, at + 3 * step + n);
      FloatVector middle = s1.add(s2).mul(half);
      s0.add(middle).intoArray(to, toAt + n);
      s1.sub(s2).mul(half).intoArray(to, toAt + s + n);
      middle.add(s3).intoArray(to, toAt + 2 * s + n);
    }
  }

  private static void sixToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    FloatVector a = FloatVector.broadcast(SPECIES, A);
    FloatVector b = FloatVector.broadcast(SPECIES, B);
    FloatVector a2 = FloatVector.broadcast(SPECIES, A2);
    FloatVector b2 = FloatVector.broadcast(SPECIES, B2);
    FloatVector scaleA = FloatVector.broadcast(SPECIES, SCALE_A);
    FloatVector scaleB = FloatVector.broadcast(SPECIES, SCALE_B);
    FloatVector scaleZero = FloatVector.broadcast(SPECIES, SCALE_ZERO);
    for (int n = 0; n < COUNT; n += SPECIES.length()) {
      FloatVector s0 = FloatVector.fromArray(SPECIES, from, at + n);
      FloatVector s1 = FloatVector.fromArray(SPECIES, from, at + step + n);
      FloatVector s2 = FloatVector.fromArray(SPECIES, from, at + 2 * step + n);
      FloatVector s3 = FloatVector.fromArray(SPECIES, from, at + 3 * step + n);
      FloatVector s4 = FloatVector.fromArray(SPECIES, from, at + 4 * step + n);
      FloatVector s5 = FloatVector.fromArray(SPECIES, from, at + 5 * step + n);
      FloatVector evenA = s1.add(s2).mul(scaleA);
      FloatVector oddA = s1.sub(s2).mul(scaleA);
      FloatVector evenB = s3.add(s4).mul(scaleB);
      FloatVector oddB = s3.sub(s4).mul(scaleB);
      s0.mul(scaleZero).add(evenA).add(evenB).intoArray(to, toAt + n);
      oddA.mul(a).add(oddB.mul(b)).intoArray(to, toAt + s + n);
      evenA.mul(a2).add(evenB.mul(b2)).add(s5).intoArray(to, toAt + 2 * s + n);
    }
  }
}
