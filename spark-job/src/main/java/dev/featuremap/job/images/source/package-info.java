/**
 * Where images come from: each source opens what the user has, checks it, and reads it in Spark
 * tasks as records with stable ids. What a record holds is not looked into.
 *
 * <p>Read {@link dev.featuremap.job.images.source.ImageSource} and {@link
 * dev.featuremap.job.images.source.SourceRecord} first, then the shortest source, {@code
 * cifar.CifarDataset}. All input goes through the Hadoop {@code FileSystem} of its path, which is
 * cached and therefore never closed here, or through Spark's reader of tables; tasks get there by
 * {@link dev.featuremap.job.images.source.TaskFiles}.
 *
 * <p>A new source is a package below this one. {@code dev.featuremap.job.images} says where it is
 * entered.
 */
package dev.featuremap.job.images.source;
