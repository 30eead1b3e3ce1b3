/**
 * Where images come from: each source opens what the user has, checks it on the driver, and reads
 * it in Spark tasks as chunks of bytes with stable record ids.
 *
 * <p>All input goes through the Hadoop {@code FileSystem} of its path, which is cached and
 * therefore never closed here. May import {@code failure}, Spark, Hadoop and the model's {@code
 * data} and {@code tensor}. A new source is an {@link dev.featuremap.job.source.ImageSource} of its
 * own.
 */
package dev.featuremap.job.source;
