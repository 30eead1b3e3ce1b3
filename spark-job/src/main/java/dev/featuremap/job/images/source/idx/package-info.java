/**
 * MNIST's format: IDX files, plain or gzipped. {@code IdxDataset} is the source; {@code IdxFile}
 * knows a file's head, {@code IdxRecords} how both files are read together.
 */
package dev.featuremap.job.images.source.idx;
