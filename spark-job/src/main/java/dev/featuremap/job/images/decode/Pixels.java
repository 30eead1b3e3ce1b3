package dev.featuremap.job.images.decode;

import dev.featuremap.tensor.Shape;

/** One image as unsigned bytes. */
public final class Pixels {
  private final Shape shape;
  private final byte[] values;

  /**
   * Takes the array as it is.
   *
   * @param values {@code [channel, row, column]}
   */
  public Pixels(Shape shape, byte[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "Cannot make an image of %s of %d bytes: expected %d."
              .formatted(shape, values.length, shape.size()));
    }
    this.shape = shape;
    this.values = values;
  }

  /** Channels, height and width. */
  public Shape shape() {
    return shape;
  }

  /** {@code [channel, row, column]}; the array is live. */
  public byte[] values() {
    return values;
  }
}
