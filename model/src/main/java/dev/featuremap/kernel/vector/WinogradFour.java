package dev.featuremap.kernel.vector;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.A3;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.B3;
import static dev.featuremap.kernel.WinogradPoints.PRODUCT;
import static dev.featuremap.kernel.WinogradPoints.SUM;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The transforms of F(4×4, 3×3). */
final class WinogradFour implements WinogradTile {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE = 4;
  private static final int SPAN = 6;

  @Override
  public void inputColumns(float[][] rows, int[] at, int size, float[] to, int toAt, int toStep) {
    float[] row0 = rows[0];
    float[] row1 = rows[1];
    float[] row2 = rows[2];
    float[] row3 = rows[3];
    float[] row4 = rows[4];
    float[] row5 = rows[5];
    int at0 = at[0];
    int at1 = at[1];
    int at2 = at[2];
    int at3 = at[3];
    int at4 = at[4];
    int at5 = at[5];
    FloatVector product = FloatVector.broadcast(SPECIES, PRODUCT);
    FloatVector minusSum = FloatVector.broadcast(SPECIES, -SUM);
    FloatVector minusA2 = FloatVector.broadcast(SPECIES, -A2);
    FloatVector minusB2 = FloatVector.broadcast(SPECIES, -B2);
    for (int k = 0; k < size; k += SPECIES.length()) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, row0, at0 + k);
      FloatVector d1 = FloatVector.fromArray(SPECIES, row1, at1 + k);
      FloatVector d2 = FloatVector.fromArray(SPECIES, row2, at2 + k);
      FloatVector d3 = FloatVector.fromArray(SPECIES, row3, at3 + k);
      FloatVector d4 = FloatVector.fromArray(SPECIES, row4, at4 + k);
      FloatVector d5 = FloatVector.fromArray(SPECIES, row5, at5 + k);
      FloatVector evenA = minusB2.fma(d2, d4);
      FloatVector oddA = minusB2.fma(d1, d3).mul(A);
      FloatVector evenB = minusA2.fma(d2, d4);
      FloatVector oddB = minusA2.fma(d1, d3).mul(B);
      int t = toAt + k;
      product.fma(d0, minusSum.fma(d2, d4)).intoArray(to, t);
      evenA.add(oddA).intoArray(to, t + toStep);
      evenA.sub(oddA).intoArray(to, t + 2 * toStep);
      evenB.add(oddB).intoArray(to, t + 3 * toStep);
      evenB.sub(oddB).intoArray(to, t + 4 * toStep);
      product.fma(d1, minusSum.fma(d3, d5)).intoArray(to, t + 5 * toStep);
    }
  }

  @Override
  public void inputRows(float[] from, int at, int step, float[] to, int toAt, int pointStep) {
    FloatVector product = FloatVector.broadcast(SPECIES, PRODUCT);
    FloatVector minusSum = FloatVector.broadcast(SPECIES, -SUM);
    FloatVector minusA2 = FloatVector.broadcast(SPECIES, -A2);
    FloatVector minusB2 = FloatVector.broadcast(SPECIES, -B2);
    for (int i = 0; i < SPAN; i++) {
      int f = at + i * step;
      FloatVector d0 = FloatVector.fromArray(SPECIES, from, f);
      FloatVector d1 = FloatVector.fromArray(SPECIES, from, f + LANES);
      FloatVector d2 = FloatVector.fromArray(SPECIES, from, f + 2 * LANES);
      FloatVector d3 = FloatVector.fromArray(SPECIES, from, f + 3 * LANES);
      FloatVector d4 = FloatVector.fromArray(SPECIES, from, f + 4 * LANES);
      FloatVector d5 = FloatVector.fromArray(SPECIES, from, f + 5 * LANES);
      FloatVector evenA = minusB2.fma(d2, d4);
      FloatVector oddA = minusB2.fma(d1, d3).mul(A);
      FloatVector evenB = minusA2.fma(d2, d4);
      FloatVector oddB = minusA2.fma(d1, d3).mul(B);
      int t = toAt + i * SPAN * pointStep;
      product.fma(d0, minusSum.fma(d2, d4)).intoArray(to, t);
      evenA.add(oddA).intoArray(to, t + pointStep);
      evenA.sub(oddA).intoArray(to, t + 2 * pointStep);
      evenB.add(oddB).intoArray(to, t + 3 * pointStep);
      evenB.sub(oddB).intoArray(to, t + 4 * pointStep);
      product.fma(d1, minusSum.fma(d3, d5)).intoArray(to, t + 5 * pointStep);
    }
  }

  @Override
  public void outputColumns(float[] from, int at, int pointStep, float[] to, int size) {
    FloatVector b = FloatVector.broadcast(SPECIES, B);
    FloatVector b2 = FloatVector.broadcast(SPECIES, B2);
    FloatVector b3 = FloatVector.broadcast(SPECIES, B3);
    FloatVector a3 = FloatVector.broadcast(SPECIES, A3);
    for (int j = 0; j < SPAN; j++) {
      for (int k = 0; k < size; k += SPECIES.length()) {
        int f = at + j * pointStep + k;
        FloatVector m0 = FloatVector.fromArray(SPECIES, from, f);
        FloatVector m1 = FloatVector.fromArray(SPECIES, from, f + SPAN * pointStep);
        FloatVector m2 = FloatVector.fromArray(SPECIES, from, f + 2 * SPAN * pointStep);
        FloatVector m3 = FloatVector.fromArray(SPECIES, from, f + 3 * SPAN * pointStep);
        FloatVector m4 = FloatVector.fromArray(SPECIES, from, f + 4 * SPAN * pointStep);
        FloatVector m5 = FloatVector.fromArray(SPECIES, from, f + 5 * SPAN * pointStep);
        FloatVector sumA = m1.add(m2);
        FloatVector differenceA = m1.sub(m2);
        FloatVector sumB = m3.add(m4);
        FloatVector differenceB = m3.sub(m4);
        int t = j * size + k;
        m0.add(sumA).add(sumB).intoArray(to, t);
        b.fma(differenceB, differenceA.mul(A)).intoArray(to, t + SPAN * size);
        b2.fma(sumB, sumA.mul(A2)).intoArray(to, t + 2 * SPAN * size);
        b3.fma(differenceB, a3.fma(differenceA, m5)).intoArray(to, t + 3 * SPAN * size);
      }
    }
  }

  @Override
  public void outputRows(
      float[] from, int at, int step, float bias, float[] to, int toAt, int rowStep) {
    FloatVector b = FloatVector.broadcast(SPECIES, B);
    FloatVector b2 = FloatVector.broadcast(SPECIES, B2);
    FloatVector b3 = FloatVector.broadcast(SPECIES, B3);
    FloatVector a3 = FloatVector.broadcast(SPECIES, A3);
    FloatVector added = FloatVector.broadcast(SPECIES, bias);
    for (int i = 0; i < TILE; i++) {
      int f = at + i * SPAN * step;
      FloatVector m0 = FloatVector.fromArray(SPECIES, from, f);
      FloatVector m1 = FloatVector.fromArray(SPECIES, from, f + step);
      FloatVector m2 = FloatVector.fromArray(SPECIES, from, f + 2 * step);
      FloatVector m3 = FloatVector.fromArray(SPECIES, from, f + 3 * step);
      FloatVector m4 = FloatVector.fromArray(SPECIES, from, f + 4 * step);
      FloatVector m5 = FloatVector.fromArray(SPECIES, from, f + 5 * step);
      FloatVector sumA = m1.add(m2);
      FloatVector differenceA = m1.sub(m2);
      FloatVector sumB = m3.add(m4);
      FloatVector differenceB = m3.sub(m4);
      int t = toAt + i * rowStep;
      m0.add(sumA).add(sumB).add(added).intoArray(to, t);
      b.fma(differenceB, differenceA.mul(A)).add(added).intoArray(to, t + LANES);
      b2.fma(sumB, sumA.mul(A2)).add(added).intoArray(to, t + 2 * LANES);
      b3.fma(differenceB, a3.fma(differenceA, m5)).add(added).intoArray(to, t + 3 * LANES);
    }
  }
}
