/**
 * The store under everything that is kept: objects that appear whole, names created once, and one
 * patience with a store that does not answer, on local disks, HDFS and S3.
 *
 * <p>Read {@code Storage} first: all that others see. Below it {@code Retries} and {@code Outage}
 * wait, and a {@code StorageBackend} does one attempt. {@code NumberedLog} is how writers agree on
 * an order, {@code DigestedObjects} how readers know that bytes are those that were written, and
 * {@code SealedJson}, in package {@code format} of the model, how a small file proves itself. What
 * a failure means is a row of {@code StorageFault}, in package {@code failure}.
 *
 * <p>One more kind of store: implement {@code StorageBackend}, choose it in {@code Storage.of}, and
 * let a test inherit {@code StorageContract} and {@code CheckpointStoreContract}, which say what it
 * must do. One more kind of log: a {@code NumberedLog} with its own directory or prefix, and what
 * its files hold as {@code SealedJson}.
 */
package dev.featuremap.job.storage;
