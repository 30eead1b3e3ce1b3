/** MNIST's format: IDX files, plain or gzipped. */
package dev.featuremap.job.images.source.idx;
