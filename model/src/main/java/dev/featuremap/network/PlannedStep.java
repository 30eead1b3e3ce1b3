package dev.featuremap.network;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A step of the network and the activations it reads and writes; 0 is the network's input.
 *
 * @param name of the layer, or of the residual whose sum it is
 * @param layer what computes it; empty where the two activations read are added
 * @param reads one activation, or the output of the layers of a residual and of its shortcut
 * @param writes a number of its own
 * @param output the shape of what it writes
 */
public record PlannedStep(
    String name, Optional<PlannedLayer> layer, List<Integer> reads, int writes, Shape output) {
  /** The number of the activation that a network reads: its images. */
  static final int IMAGES = 0;
}
