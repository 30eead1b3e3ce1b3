package dev.featuremap.layer;

import dev.featuremap.tensor.Lanes;

/**
 * What a layer may know of the block it works on: the mode, and the numbers that random layers
 * hash.
 *
 * <p>One instance serves a whole epoch; {@code Network.forward} fills {@link #records} for each
 * block.
 */
public final class BlockPass {
  private final boolean training;
  private final long seed;
  private final int epoch;
  private final long[] records = new long[Lanes.COUNT];

  private BlockPass(boolean training, long seed, int epoch) {
    this.training = training;
    this.seed = seed;
    this.epoch = epoch;
  }

  /** A pass that trains: dropout drops. */
  public static BlockPass training(long seed, int epoch) {
    return new BlockPass(true, seed, epoch);
  }

  /** A pass that only predicts: dropout passes everything on. */
  public static BlockPass evaluation() {
    return new BlockPass(false, 0, 0);
  }

  /** True when gradients will follow. */
  public boolean training() {
    return training;
  }

  /** The run's seed. */
  public long seed() {
    return seed;
  }

  /** The epoch, from 0. */
  public int epoch() {
    return epoch;
  }

  /** The stable record id of the image in each lane; the array is live. */
  public long[] records() {
    return records;
  }
}
