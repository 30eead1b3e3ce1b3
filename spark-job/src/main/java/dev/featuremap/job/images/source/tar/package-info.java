/**
 * Tar archives of samples, as WebDataset writes them. {@code TarSource} numbers samples, {@code
 * TarSamples} reads one archive.
 */
package dev.featuremap.job.images.source.tar;
