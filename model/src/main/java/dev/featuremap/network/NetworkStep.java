package dev.featuremap.network;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A step as it runs: a layer or a join, with what is done in the same pass.
 *
 * @param layer what computes it; empty for a join
 * @param join how what is read is joined; of a layer, empty, or that it adds what it reads second
 * @param reads the activation that a layer reads and what is added to its result, or all that are
 *     joined
 * @param rectifies whether negative results are cut off
 * @param writes the activation it writes
 * @param output its shape
 */
record NetworkStep(
    Optional<PlannedLayer> layer,
    Optional<Join> join,
    List<Integer> reads,
    boolean rectifies,
    int writes,
    Shape output) {
  static final int NONE = -1;

  /** A step of a plan, with nothing else in its pass. */
  static NetworkStep of(PlannedStep step) {
    return new NetworkStep(
        step.layer(), step.join(), step.reads(), false, step.writes(), step.output());
  }

  /** The activation that it reads first. */
  int input() {
    return reads.get(0);
  }

  /** The activation that is added to the result or to the input. */
  int addend() {
    return adds() ? reads.get(1) : NONE;
  }

  /** True where all blocks of a mini-batch meet before the layer runs. */
  boolean isBarrier() {
    return layer.filter(PlannedLayer::isBarrier).isPresent();
  }

  /** True where the layer takes a sum and a rectifier into its own pass. */
  boolean joinsOthers() {
    return layer.filter(planned -> planned.spec().isBarrier()).isPresent();
  }

  /** True where the layer's values are those of the frozen part. */
  boolean isFrozen() {
    return layer.filter(PlannedLayer::frozen).isPresent();
  }

  boolean adds() {
    return join.isPresent() && join.get() == Join.ADD;
  }

  /** True for a sum that is no part of a layer's pass. */
  boolean isSum() {
    return layer.isEmpty() && adds();
  }

  /** True where a junction computes it. */
  boolean isJunction() {
    return layer.isEmpty() && !adds();
  }

  boolean reads(int activation) {
    return reads.contains(activation);
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
    return new NetworkStep(
        layer, sum.join, List.of(input(), other), rectifies, sum.writes, sum.output);
  }

  /** This step, whose result the rectifier {@code relu} then cuts off. */
  NetworkStep rectifiedBy(NetworkStep relu) {
    return new NetworkStep(layer, join, reads, true, relu.writes, relu.output);
  }
}
