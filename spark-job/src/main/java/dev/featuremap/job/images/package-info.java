/**
 * Everything between a user's images and the shards that workers train on.
 *
 * <p>Data go one way: a source in {@code source} reads records with the content its files hold,
 * {@code shard} moves each record to its worker and keeps it there, and {@code decode} makes pixels
 * and classes of it. This package is the door: {@link dev.featuremap.job.images.DataSets}
 * recognises what lies in a directory and opens its sets. Read it first, then {@code
 * source.ImageSource} and {@code shard.ShardedImages}.
 *
 * <p>To add a format: a package in {@code source} with an {@code ImageSource}, a constant of {@code
 * DataSettings.Format}, an entry in {@code SourceFormat.ALL}, the comment of {@code data.format} in
 * {@code conf/train.conf} and a row in the table of formats; its test extends {@code
 * SourceContract}. {@code SourceFormatTest} tells what is still missing.
 */
package dev.featuremap.job.images;
