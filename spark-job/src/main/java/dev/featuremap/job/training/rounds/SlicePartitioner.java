package dev.featuremap.job.training.rounds;

import org.apache.spark.Partitioner;

/** Sends what is keyed by {@code slice · workers + worker} to the partition of its slice. */
final class SlicePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int slices;
  private final int workers;

  SlicePartitioner(int slices, int workers) {
    this.slices = slices;
    this.workers = workers;
  }

  @Override
  public int numPartitions() {
    return slices;
  }

  @Override
  public int getPartition(Object key) {
    return (int) ((Long) key / workers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlicePartitioner that
        && that.slices == slices
        && that.workers == workers;
  }

  @Override
  public int hashCode() {
    return 31 * slices + workers;
  }
}
