package dev.featuremap.kernel.vector;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The transforms of F(2×2, 3×3). */
final class WinogradTwo implements WinogradTile {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE = 2;
  private static final int SPAN = 4;

  @Override
  public void inputColumns(float[][] rows, int[] at, int size, float[] to, int toAt, int toStep) {
    float[] row0 = rows[0];
    float[] row1 = rows[1];
    float[] row2 = rows[2];
    float[] row3 = rows[3];
    int at0 = at[0];
    int at1 = at[1];
    int at2 = at[2];
    int at3 = at[3];
    for (int k = 0; k < size; k += SPECIES.length()) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, row0, at0 + k);
      FloatVector d1 = FloatVector.fromArray(SPECIES, row1, at1 + k);
      FloatVector d2 = FloatVector.fromArray(SPECIES, row2, at2 + k);
      FloatVector d3 = FloatVector.fromArray(SPECIES, row3, at3 + k);
      int t = toAt + k;
      d0.sub(d2).intoArray(to, t);
      d1.add(d2).intoArray(to, t + toStep);
      d2.sub(d1).intoArray(to, t + 2 * toStep);
      d1.sub(d3).intoArray(to, t + 3 * toStep);
    }
  }

  @Override
  public void inputRows(float[] from, int at, int step, float[] to, int toAt, int pointStep) {
    for (int i = 0; i < SPAN; i++) {
      int f = at + i * step;
      FloatVector d0 = FloatVector.fromArray(SPECIES, from, f);
      FloatVector d1 = FloatVector.fromArray(SPECIES, from, f + LANES);
      FloatVector d2 = FloatVector.fromArray(SPECIES, from, f + 2 * LANES);
      FloatVector d3 = FloatVector.fromArray(SPECIES, from, f + 3 * LANES);
      int t = toAt + i * SPAN * pointStep;
      d0.sub(d2).intoArray(to, t);
      d1.add(d2).intoArray(to, t + pointStep);
      d2.sub(d1).intoArray(to, t + 2 * pointStep);
      d1.sub(d3).intoArray(to, t + 3 * pointStep);
    }
  }

  @Override
  public void outputColumns(float[] from, int at, int pointStep, float[] to, int size) {
    for (int j = 0; j < SPAN; j++) {
      for (int k = 0; k < size; k += SPECIES.length()) {
        int f = at + j * pointStep + k;
        FloatVector m0 = FloatVector.fromArray(SPECIES, from, f);
        FloatVector m1 = FloatVector.fromArray(SPECIES, from, f + SPAN * pointStep);
        FloatVector m2 = FloatVector.fromArray(SPECIES, from, f + 2 * SPAN * pointStep);
        FloatVector m3 = FloatVector.fromArray(SPECIES, from, f + 3 * SPAN * pointStep);
        int t = j * size + k;
        m0.add(m1.add(m2)).intoArray(to, t);
        m1.sub(m2).sub(m3).intoArray(to, t + SPAN * size);
      }
    }
  }

  @Override
  public void outputRows(
      float[] from, int at, int step, float bias, float[] to, int toAt, int rowStep) {
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    for (int i = 0; i < TILE; i++) {
      int f = at + i * SPAN * step;
      FloatVector m0 = FloatVector.fromArray(SPECIES, from, f);
      FloatVector m1 = FloatVector.fromArray(SPECIES, from, f + step);
      FloatVector m2 = FloatVector.fromArray(SPECIES, from, f + 2 * step);
      FloatVector m3 = FloatVector.fromArray(SPECIES, from, f + 3 * step);
      int t = toAt + i * rowStep;
      m0.add(m1.add(m2)).add(b).intoArray(to, t);
      m1.sub(m2).sub(m3).add(b).intoArray(to, t + LANES);
    }
  }
}
