package dev.featuremap.job.config;

/** How executors keep the images of a shard. */
public enum ShardStorage {
  /** Decoded once, in memory. */
  PIXELS,
  /** As they came, on local disks; decoded whenever they are visited. */
  ENCODED
}
