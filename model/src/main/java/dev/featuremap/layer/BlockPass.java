package dev.featuremap.layer;

import dev.featuremap.tensor.Lanes;

/**
 * What a layer may know of the block it works on: the mode, its number in the mini-batch, and the
 * numbers that random layers hash.
 *
 * <p>One instance is filled again and again.
 */
public final class BlockPass {
  private final long[] records = new long[Lanes.COUNT];
  private boolean training;
  private long seed;
  private int epoch;
  private int block;
  private int images = Lanes.COUNT;

  /** Sets a pass that trains: dropout drops. */
  public BlockPass train(long runSeed, int ofEpoch) {
    training = true;
    seed = runSeed;
    epoch = ofEpoch;
    return this;
  }

  /** Sets a pass that only predicts: dropout passes everything on. */
  public BlockPass evaluate() {
    training = false;
    seed = 0;
    epoch = 0;
    return this;
  }

  /** Sets the block, of which the first {@code used} lanes hold images. */
  public void at(int numberInBatch, int used, long[] blockRecords) {
    block = numberInBatch;
    images = used;
    System.arraycopy(blockRecords, 0, records, 0, Lanes.COUNT);
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

  /** The block's number in its mini-batch, from 0. */
  public int block() {
    return block;
  }

  /** Lanes in use, 1 to 16. */
  public int images() {
    return images;
  }

  /** The stable record id of the image in each lane; the array is live. */
  public long[] records() {
    return records;
  }
}
