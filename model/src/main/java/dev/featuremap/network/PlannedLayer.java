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
 * @param frozen whether training leaves it alone; its slices are then those of {@link FrozenPart}
 */
public record PlannedLayer(
    int index,
    String name,
    LayerSpec spec,
    Shape input,
    Shape output,
    int parametersAt,
    int parameters,
    int buffersAt,
    boolean frozen) {

  /** This layer computed as another of the same shapes. */
  PlannedLayer as(LayerSpec other) {
    return new PlannedLayer(
        index, name, other, input, output, parametersAt, parameters, buffersAt, frozen);
  }

  /** This layer in another place. */
  PlannedLayer at(int parametersFrom, int buffersFrom, boolean isFrozen) {
    return new PlannedLayer(
        index, name, spec, input, output, parametersFrom, parameters, buffersFrom, isFrozen);
  }

  /** True when gradients are computed for its parameters. */
  boolean learns() {
    return parameters > 0 && !frozen;
  }

  /** True where all blocks of a mini-batch meet in training before the layer runs. */
  boolean isBarrier() {
    return spec.isBarrier() && !frozen;
  }
}
