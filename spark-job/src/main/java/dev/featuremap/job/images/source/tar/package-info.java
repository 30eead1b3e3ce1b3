/** Tar archives of samples, as WebDataset writes them. */
package dev.featuremap.job.images.source.tar;
