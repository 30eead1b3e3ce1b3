package dev.featuremap.job.train;

import dev.featuremap.job.shard.ShardedImages;
import java.util.List;

/**
 * The images of a run, loaded and fingerprinted.
 *
 * @param train what workers train on
 * @param test what epochs are evaluated on
 * @param trainDigests digest of each worker's shard
 * @param testDigests digest of each shard of the test images
 */
record TrainingData(
    ShardedImages train, ShardedImages test, List<String> trainDigests, List<String> testDigests) {}
