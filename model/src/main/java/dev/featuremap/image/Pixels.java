package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.Locale;

/**
 * One image as unsigned bytes. Travels.
 *
 * @param shape channels, height and width
 * @param values {@code [channel, row, column]}; the array is live
 */
public record Pixels(Shape shape, byte[] values) implements Serializable {

  /** Takes the array as it is. */
  public Pixels {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make an image of %s of %d bytes: expected %d.",
              shape,
              values.length,
              shape.size()));
    }
  }
}
