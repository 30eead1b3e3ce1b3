package dev.featuremap.layer;

import dev.featuremap.init.StartingValues;
import java.util.List;

/**
 * One named tensor of a layer's parameters.
 *
 * @param name {@code weight} or {@code bias}; empty where the tensor has the layer's name alone
 * @param dimensions the tensor's shape, row-major in the flat vector
 * @param initializer how the tensor starts
 * @param fanIn inputs of one unit that uses it
 * @param fanOut outputs one input reaches
 * @param decays whether weight decay applies: weights yes, biases no
 */
public record ParameterSpec(
    String name,
    List<Integer> dimensions,
    StartingValues initializer,
    int fanIn,
    int fanOut,
    boolean decays) {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Copies the dimensions and rejects a tensor that no Java array could hold. */
  public ParameterSpec {
    dimensions = List.copyOf(dimensions);
    checkSize(name, dimensions);
  }

  /** Rejects a tensor that no Java array could hold. */
  public static void checkSize(String name, List<Integer> dimensions) {
    long size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
      if (size > LARGEST_ARRAY) {
        throw new IllegalArgumentException(
            "Cannot hold %s of %s: one array holds at most %s values."
                .formatted(name, dimensions, LARGEST_ARRAY));
      }
    }
  }

  /** Outputs of one group of units: all but where a convolution is grouped. */
  public int rowsOfGroup() {
    int field = 1;
    for (int dimension : dimensions.subList(Math.min(2, dimensions.size()), dimensions.size())) {
      field *= dimension;
    }
    return fanOut / field;
  }

  /** Values in the tensor. */
  public int size() {
    int size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
    }
    return size;
  }
}
