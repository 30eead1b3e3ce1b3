package dev.featuremap.job.train;

import dev.featuremap.job.shard.BadRecords;
import dev.featuremap.job.shard.EncodedImages;
import dev.featuremap.job.shard.ShardLoad;
import dev.featuremap.job.shard.ShardedImages;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of a run, loaded and fingerprinted.
 *
 * @param train what workers train on
 * @param test what epochs are evaluated on; empty if they are not
 * @param trainLoads what is known of each worker's shard
 * @param testLoads what is known of each shard of the test images
 * @param labels names of the classes in order; empty where they have none
 * @param bad the records of both sets that are left out
 */
record TrainingData(
    ShardedImages train,
    Optional<ShardedImages> test,
    List<ShardLoad> trainLoads,
    List<ShardLoad> testLoads,
    List<String> labels,
    BadRecords bad) {

  /** Digest of each worker's shard. */
  List<String> trainDigests() {
    return trainLoads.stream().map(ShardLoad::sha256).toList();
  }

  /** Digest of each shard of the test images. */
  List<String> testDigests() {
    return testLoads.stream().map(ShardLoad::sha256).toList();
  }

  /** Images of the worker that has most; it decides how many steps an epoch has. */
  int largestShard() {
    return trainLoads.stream().mapToInt(ShardLoad::images).max().orElseThrow();
  }

  /** Images that are trained on. */
  long trainImages() {
    return trainLoads.stream().mapToLong(ShardLoad::images).sum();
  }

  /** Images that are tested on. */
  long testImages() {
    return testLoads.stream().mapToLong(ShardLoad::images).sum();
  }

  /** How images are kept that do not lie in memory; empty if all do. */
  Optional<EncodedImages> encoded() {
    return EncodedImages.of(Stream.concat(trainLoads.stream(), testLoads.stream()).toList());
  }
}
