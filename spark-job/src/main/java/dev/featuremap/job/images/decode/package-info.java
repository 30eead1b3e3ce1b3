/**
 * What a network takes, from what a record holds: the class of its label and the pixels of its
 * image. Formats of images are told by their first bytes, heads are checked before pixels, sizes
 * and channels are converted by integers in a fixed order.
 *
 * <p>Read {@link dev.featuremap.job.images.decode.ImageReading} first, then {@link
 * dev.featuremap.job.images.decode.ImageDecoder}. A new format of image files is a constant of
 * {@link dev.featuremap.job.images.decode.ImageFormat}.
 */
package dev.featuremap.job.images.decode;
