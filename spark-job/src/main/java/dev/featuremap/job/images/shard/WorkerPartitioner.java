package dev.featuremap.job.images.shard;

import org.apache.spark.Partitioner;

/** Sends what is keyed by a worker to the partition of the same number. */
final class WorkerPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int workers;

  WorkerPartitioner(int workers) {
    this.workers = workers;
  }

  @Override
  public int numPartitions() {
    return workers;
  }

  @Override
  public int getPartition(Object worker) {
    return (Integer) worker;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WorkerPartitioner that && that.workers == workers;
  }

  @Override
  public int hashCode() {
    return workers;
  }
}
