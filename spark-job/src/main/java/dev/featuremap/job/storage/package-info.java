/**
 * The store under everything that is kept: objects that appear whole, names created once, and one
 * patience with a store that does not answer, on local disks, HDFS and S3.
 *
 * <p>A new kind of store is an implementation of {@code StorageBackend}; {@code StorageContract} of
 * the tests says what it must do.
 */
package dev.featuremap.job.storage;
