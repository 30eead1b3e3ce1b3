/**
 * Where images come from: each source opens what the user has, checks it, and reads it in Spark
 * tasks as records with stable ids, which {@link dev.featuremap.job.images.source.ImageReading}
 * turns into classes and pixels.
 *
 * <p>All input goes through the Hadoop {@code FileSystem} of its path, which is cached and
 * therefore never closed here, or through Spark's reader of tables. May import {@code failure},
 * {@code config}, {@code image}, Spark, Hadoop, Commons Compress and the model's {@code data},
 * {@code random} and {@code tensor}. A new source is an {@link
 * dev.featuremap.job.images.source.ImageSource} of its own and a line in {@code DataSets}.
 */
package dev.featuremap.job.images.source;
