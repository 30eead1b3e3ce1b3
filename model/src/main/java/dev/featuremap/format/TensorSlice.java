package dev.featuremap.format;

import java.util.List;

/**
 * A named tensor that lies in a longer array, in row-major order.
 *
 * @param dimensions the length of each axis, at least 0; none for a scalar
 * @param values the array, which is shared, not copied
 * @param at where in it the tensor starts
 */
public record TensorSlice(String name, List<Long> dimensions, float[] values, int at) {

  /** Copies the dimensions and rejects a tensor that the array does not hold. */
  public TensorSlice {
    dimensions = List.copyOf(dimensions);
    if (at < 0 || size(name, dimensions) > values.length - at) {
      throw new IllegalArgumentException(
          "Cannot slice tensor %s: %s at %s exceeds an array of %s."
              .formatted(name, dimensions, at, values.length));
    }
  }

  /** Elements of the tensor. */
  public int size() {
    return (int) size(name, dimensions);
  }

  private static long size(String name, List<Long> dimensions) {
    long size = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "Cannot slice tensor %s: an axis is at least 0, got %s.".formatted(name, dimensions));
      }
      try {
        size = Math.multiplyExact(size, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "Cannot slice tensor %s: %s has more than 2^63 elements.".formatted(name, dimensions),
            e);
      }
    }
    return size;
  }
}
