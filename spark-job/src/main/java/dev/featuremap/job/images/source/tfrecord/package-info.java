/**
 * Files of TensorFlow, TFRecord: records behind each other, each with its length and two checksums
 * (CRC-32C, masked), and in each an {@code Example}, a message of protobuf with features by name.
 * {@code TfRecordSource} numbers records, {@code TfRecordFile} reads one file, {@code TfExample}
 * one record.
 */
package dev.featuremap.job.images.source.tfrecord;
