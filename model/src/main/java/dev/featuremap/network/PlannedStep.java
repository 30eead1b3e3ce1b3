package dev.featuremap.network;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A step of the network and the activations it reads and writes; 0 is the network's input.
 *
 * @param name of the layer, or of what joins the activations
 * @param layer what computes it; empty where activations are joined
 * @param join how activations are joined; empty for a layer
 * @param reads one activation, or those that are joined, in their order
 * @param writes a number of its own
 * @param output the shape of what it writes
 */
public record PlannedStep(
    String name,
    Optional<PlannedLayer> layer,
    Optional<Join> join,
    List<Integer> reads,
    int writes,
    Shape output) {
  /** The number of the activation that a network reads: its images. */
  static final int IMAGES = 0;

  /** This step with other numbers of activations. */
  PlannedStep renumbered(int by) {
    List<Integer> moved = reads.stream().map(activation -> activation + by).toList();
    return new PlannedStep(name, layer, join, moved, writes + by, output);
  }

  /** This step with its layer in another place. */
  PlannedStep with(PlannedLayer moved) {
    return new PlannedStep(name, Optional.of(moved), join, reads, writes, output);
  }
}
