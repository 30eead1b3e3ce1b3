/**
 * Image files as a network takes them: formats are told by their first bytes, heads are checked
 * before pixels, sizes and channels are converted by integers in a fixed order.
 *
 * <p>Read {@link dev.featuremap.image.ImageDecoder} first, then {@link
 * dev.featuremap.image.ImageFit}. A new format of image files is a constant of {@link
 * dev.featuremap.image.ImageFormat}, with what finds its pixels in {@code ImageDecoder}.
 */
package dev.featuremap.image;
