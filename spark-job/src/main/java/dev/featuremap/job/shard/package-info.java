/**
 * The images of a run shared among its workers: which record belongs to whom, the shuffle that
 * brings them there, and the driver's handle on the result.
 *
 * <p>A worker is a partition. Its images are the same, in the same order, on any number of cores or
 * executors and after any retry. May import {@code failure}, {@code source}, Spark and the model's
 * {@code data}, {@code random} and {@code tensor}.
 */
package dev.featuremap.job.shard;
