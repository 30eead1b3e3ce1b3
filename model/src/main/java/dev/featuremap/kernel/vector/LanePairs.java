package dev.featuremap.kernel.vector;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * How two lanes that lie 8, 4, 2 or 1 apart exchange their values: the steps of transposing and of
 * adding up lanes. Constants, so that C2 knows the shuffles.
 */
final class LanePairs {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  static final VectorShuffle<Float> SWAP_8 = swap(8);
  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);
  static final VectorShuffle<Float> SWAP_1 = swap(1);

  /** The lanes whose number has the bit 8, 4, 2 or 1: the upper ones of the pairs. */
  static final VectorMask<Float> UPPER_8 = upper(8);

  static final VectorMask<Float> UPPER_4 = upper(4);
  static final VectorMask<Float> UPPER_2 = upper(2);
  static final VectorMask<Float> UPPER_1 = upper(1);

  private LanePairs() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) % SPECIES.length());
  }

  private static VectorMask<Float> upper(int distance) {
    boolean[] lanes = new boolean[SPECIES.length()];
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane] = (lane & distance) != 0;
    }
    return VectorMask.fromArray(SPECIES, lanes, 0);
  }
}
