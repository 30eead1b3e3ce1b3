/**
 * The images of a run shared among its workers: which record belongs to whom, the shuffle that
 * brings them there, how executors keep them, and the driver's handle on the result.
 *
 * <p>A worker is a partition. Its images are the same, in the same order, on any number of cores or
 * executors, after any retry, and however they are kept: {@code Pixel…} decodes once and has Spark
 * cache the images, {@code Encoded…} has them on local disks and decodes ahead of training. Read
 * {@link dev.featuremap.job.images.shard.ShardedImages} and {@link
 * dev.featuremap.job.images.shard.ShardLayout} first. A new way to keep images implements the first
 * of them, and its assembly keeps to {@code AssemblyContract} in the tests.
 */
package dev.featuremap.job.images.shard;
