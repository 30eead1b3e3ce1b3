package dev.featuremap.network;

import dev.featuremap.tensor.Shape;
import java.util.Optional;

/**
 * A step as it runs: a layer or a sum, with what is done in the same pass.
 *
 * @param layer what computes it; empty for a sum
 * @param input the activation it reads
 * @param addend the activation that is added to the result; negative for none
 * @param rectifies whether negative results are cut off
 * @param writes the activation it writes
 * @param output its shape
 */
record NetworkStep(
    Optional<PlannedLayer> layer,
    int input,
    int addend,
    boolean rectifies,
    int writes,
    Shape output) {
  static final int NONE = -1;

  /** True where all blocks of a mini-batch meet before the layer runs. */
  boolean isBarrier() {
    return layer.filter(planned -> planned.spec().isBarrier()).isPresent();
  }

  boolean adds() {
    return addend != NONE;
  }

  boolean reads(int activation) {
    return input == activation || addend == activation;
  }

  /** True where the way back through the rectifier is part of the layer's own passes. */
  boolean rectifiesInside() {
    return rectifies && isBarrier() && !adds();
  }

  /** What results are cut off at. */
  float floor() {
    return rectifies ? 0f : Float.NEGATIVE_INFINITY;
  }

  /** This step, whose result {@code sum} then adds to {@code other}. */
  NetworkStep plus(int other, NetworkStep sum) {
    return new NetworkStep(layer, input, other, rectifies, sum.writes, sum.output);
  }

  /** This step, whose result the rectifier {@code relu} then cuts off. */
  NetworkStep rectifiedBy(NetworkStep relu) {
    return new NetworkStep(layer, input, addend, true, relu.writes, relu.output);
  }
}
