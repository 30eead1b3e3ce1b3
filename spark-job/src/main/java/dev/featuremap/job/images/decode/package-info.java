/**
 * Encoded images as the pixels a network takes: formats told by their first bytes, heads checked
 * before pixels, sizes and channels converted by integers in a fixed order.
 *
 * <p>May import the JDK's {@code javax.imageio}, TwelveMonkeys and the model's {@code tensor}. A
 * new format is a constant of {@link dev.featuremap.job.images.decode.ImageFormat}.
 */
package dev.featuremap.job.images.decode;
