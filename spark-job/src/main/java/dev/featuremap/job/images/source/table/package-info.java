/** Tables of any format that Spark reads, with a column of images. */
package dev.featuremap.job.images.source.table;
