package dev.featuremap.kernel.vector;

import static dev.featuremap.kernel.vector.LanePairs.SWAP_1;
import static dev.featuremap.kernel.vector.LanePairs.SWAP_2;
import static dev.featuremap.kernel.vector.LanePairs.SWAP_4;
import static dev.featuremap.kernel.vector.LanePairs.SWAP_8;
import static dev.featuremap.kernel.vector.LanePairs.UPPER_1;
import static dev.featuremap.kernel.vector.LanePairs.UPPER_2;
import static dev.featuremap.kernel.vector.LanePairs.UPPER_4;
import static dev.featuremap.kernel.vector.LanePairs.UPPER_8;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes#sum} of many vectors, 16 at a time, for vectors of 16 lanes.
 *
 * <p>A step adds lanes 8 (then 4, 2, 1) apart of two vectors and leaves the sums of both in one:
 * the first vector's where the lane number has no bit 8 (4, 2, 1), the second's where it has. The
 * tree of additions is that of {@link Lanes#sum}; pairs 8, 4, 2, 1 vectors apart leave the sums in
 * order.
 */
final class LaneSums {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;

  private LaneSums() {}

  /**
   * {@code totals[k] = Lanes.sum(values, 16 · k)} for {@code k < count}; overwrites both arrays up
   * to the next multiple of 16 vectors.
   */
  static void apply(float[] values, int count, float[] totals) {
    for (int k = 0; k < count; k += LANES) {
      int at = k * LANES;
      for (int q = 0; q < 4; q++) {
        four(values, at + q * LANES);
      }
      last(values, at, totals, k);
    }
  }

  /** Joins the vectors 0, 4, 8 and 12 from {@code at}, into the first. */
  private static void four(float[] values, int at) {
    FloatVector a = FloatVector.fromArray(SPECIES, values, at);
    FloatVector b = FloatVector.fromArray(SPECIES, values, at + 4 * LANES);
    FloatVector c = FloatVector.fromArray(SPECIES, values, at + 8 * LANES);
    FloatVector d = FloatVector.fromArray(SPECIES, values, at + 12 * LANES);
    FloatVector ac = a.blend(c, UPPER_8).add(c.blend(a, UPPER_8).rearrange(SWAP_8));
    FloatVector bd = b.blend(d, UPPER_8).add(d.blend(b, UPPER_8).rearrange(SWAP_8));
    ac.blend(bd, UPPER_4).add(bd.blend(ac, UPPER_4).rearrange(SWAP_4)).intoArray(values, at);
  }

  /** Joins the vectors 0, 1, 2 and 3 from {@code at}, into 16 totals from {@code to}. */
  private static void last(float[] values, int at, float[] totals, int to) {
    FloatVector a = FloatVector.fromArray(SPECIES, values, at);
    FloatVector b = FloatVector.fromArray(SPECIES, values, at + LANES);
    FloatVector c = FloatVector.fromArray(SPECIES, values, at + 2 * LANES);
    FloatVector d = FloatVector.fromArray(SPECIES, values, at + 3 * LANES);
    FloatVector ac = a.blend(c, UPPER_2).add(c.blend(a, UPPER_2).rearrange(SWAP_2));
    FloatVector bd = b.blend(d, UPPER_2).add(d.blend(b, UPPER_2).rearrange(SWAP_2));
    ac.blend(bd, UPPER_1).add(bd.blend(ac, UPPER_1).rearrange(SWAP_1)).intoArray(totals, to);
  }
}
