package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.tensor.Shape;

/**
 * A layer in its place.
 *
 * @param index its number among the layers, from 0
 * @param name with those of the residuals around it, as in {@code block1.conv1}
 * @param parametersAt where its slice starts
 * @param parameters length of its slice
 * @param buffersAt where its slice of the buffers starts
 */
public record PlannedLayer(
    int index,
    String name,
    LayerSpec spec,
    Shape input,
    Shape output,
    int parametersAt,
    int parameters,
    int buffersAt) {

  /** This layer computed as another of the same shapes. */
  PlannedLayer as(LayerSpec other) {
    return new PlannedLayer(index, name, other, input, output, parametersAt, parameters, buffersAt);
  }
}
