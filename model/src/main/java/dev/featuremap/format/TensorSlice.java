package dev.featuremap.format;

import java.util.List;

/**
 * A named tensor that lies in a longer array, in row-major order.
 *
 * <p>The array is shared, not copied.
 */
public final class TensorSlice {
  private final String name;
  private final List<Long> dimensions;
  private final float[] values;
  private final int at;
  private final int size;

  private TensorSlice(String name, List<Long> dimensions, float[] values, int at, int size) {
    this.name = name;
    this.dimensions = dimensions;
    this.values = values;
    this.at = at;
    this.size = size;
  }

  /**
   * The tensor {@code name} of {@code dimensions} whose first element is {@code values[at]}.
   *
   * @param dimensions the length of each axis, at least 0; none for a scalar
   */
  public static TensorSlice of(String name, List<Long> dimensions, float[] values, int at) {
    List<Long> axes = List.copyOf(dimensions);
    long size = size(name, axes);
    if (at < 0 || size > values.length - at) {
      throw new IllegalArgumentException(
          "Cannot slice tensor %s: %s at %s exceeds an array of %s."
              .formatted(name, axes, at, values.length));
    }
    return new TensorSlice(name, axes, values, at, (int) size);
  }

  /** The tensor's name. */
  public String name() {
    return name;
  }

  /** The length of each axis. */
  public List<Long> dimensions() {
    return dimensions;
  }

  /** The array the tensor lies in; live. */
  public float[] values() {
    return values;
  }

  /** Where the tensor starts in {@link #values}. */
  public int at() {
    return at;
  }

  /** Elements of the tensor. */
  public int size() {
    return size;
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
