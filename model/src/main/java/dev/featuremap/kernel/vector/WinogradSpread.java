package dev.featuremap.kernel.vector;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.A3;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.B3;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of an output gradient in one dimension, element-wise over {@code size} floats:
 * inputs lie {@code step} apart, results go {@code toStep} apart.
 */
final class WinogradSpread {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  private WinogradSpread() {}

  /** From 2 pixels to 4 points. */
  static void toFour(float[] from, int at, int step, float[] to, int toAt, int toStep, int size) {
    for (int k = 0; k < size; k += SPECIES.length()) {
      FloatVector y0 = FloatVector.fromArray(SPECIES, from, at + k);
      FloatVector y1 = FloatVector.fromArray(SPECIES, from, at + step + k);
      int t = toAt + k;
      y0.intoArray(to, t);
      y0.add(y1).intoArray(to, t + toStep);
      y0.sub(y1).intoArray(to, t + 2 * toStep);
      y1.neg().intoArray(to, t + 3 * toStep);
    }
  }

  /** From 4 pixels to 6 points. */
  static void toSix(float[] from, int at, int step, float[] to, int toAt, int toStep, int size) {
    FloatVector a2 = FloatVector.broadcast(SPECIES, A2);
    FloatVector a3 = FloatVector.broadcast(SPECIES, A3);
    FloatVector b2 = FloatVector.broadcast(SPECIES, B2);
    FloatVector b3 = FloatVector.broadcast(SPECIES, B3);
    for (int k = 0; k < size; k += SPECIES.length()) {
      FloatVector y0 = FloatVector.fromArray(SPECIES, from, at + k);
      FloatVector y1 = FloatVector.fromArray(SPECIES, from, at + step + k);
      FloatVector y2 = FloatVector.fromArray(SPECIES, from, at + 2 * step + k);
      FloatVector y3 = FloatVector.fromArray(SPECIES, from, at + 3 * step + k);
      FloatVector evenA = a2.fma(y2, y0);
      FloatVector oddA = a3.fma(y3, y1.mul(A));
      FloatVector evenB = b2.fma(y2, y0);
      FloatVector oddB = b3.fma(y3, y1.mul(B));
      int t = toAt + k;
      y0.intoArray(to, t);
      evenA.add(oddA).intoArray(to, t + toStep);
      evenA.sub(oddA).intoArray(to, t + 2 * toStep);
      evenB.add(oddB).intoArray(to, t + 3 * toStep);
      evenB.sub(oddB).intoArray(to, t + 4 * toStep);
      y3.intoArray(to, t + 5 * toStep);
    }
  }
}
