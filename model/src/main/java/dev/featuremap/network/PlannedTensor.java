package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;

/**
 * A tensor in its place.
 *
 * @param name {@code layer.tensor}, as in {@code conv1.weight}, or the layer's name alone
 * @param at where it starts in the flat vector, or in the region of the buffers
 */
public record PlannedTensor(String name, ParameterSpec spec, int at) {

  /** The name of a layer's tensor: behind the layer's, unless the tensor has none of its own. */
  static String nameOf(String layer, ParameterSpec tensor) {
    return tensor.name().isEmpty() ? layer : layer + "." + tensor.name();
  }

  /** The same tensor in a vector that has so many values before. */
  PlannedTensor movedBy(int values) {
    return new PlannedTensor(name, spec, at + values);
  }
}
