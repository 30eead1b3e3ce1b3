package dev.featuremap.tensor;

import java.io.Serializable;

/**
 * The size of one image's activations at some point of a network.
 *
 * <p>After a fully connected layer a shape is {@code [features, 1, 1]}.
 *
 * @param channels feature maps, at least 1
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Shape(int channels, int height, int width) implements Serializable {

  /** Rejects empty axes and activations that one Java array of a block could not hold. */
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Cannot make a shape of [%s, %s, %s]: each axis must be at least 1."
              .formatted(channels, height, width));
    }
    if ((long) channels * height * width > Integer.MAX_VALUE / Lanes.COUNT - 8) {
      throw new IllegalArgumentException(
          "Cannot make a shape of [%s, %s, %s]: %s images of it exceed one array of 2^31 floats."
              .formatted(channels, height, width, Lanes.COUNT));
    }
  }

  /** The shape of a vector of features. */
  public static Shape ofFeatures(int features) {
    return new Shape(features, 1, 1);
  }

  /** Values in one image. */
  public int size() {
    return channels * height * width;
  }

  /** Floats in a block of {@link Lanes#COUNT} images. */
  public int blockSize() {
    return size() * Lanes.COUNT;
  }

  /** True for {@code [features, 1, 1]}. */
  public boolean isFlat() {
    return height == 1 && width == 1;
  }

  @Override
  public String toString() {
    return "[" + channels + ", " + height + ", " + width + "]";
  }
}
