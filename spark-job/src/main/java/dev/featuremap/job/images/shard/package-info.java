/**
 * The images of a run shared among its workers: which record belongs to whom, the shuffle that
 * brings them there, how executors keep them, and the driver's handle on the result.
 *
 * <p>A worker is a partition. Its images are the same, in the same order, on any number of cores or
 * executors, after any retry, and however they are kept: {@code Pixel…} decodes once and has Spark
 * cache the images, {@code Encoded…} has them on local disks and decodes ahead of training. May
 * import {@code config}, {@code failure}, {@code image}, {@code source}, Spark and the model's
 * {@code data}, {@code random} and {@code tensor}.
 */
package dev.featuremap.job.images.shard;
