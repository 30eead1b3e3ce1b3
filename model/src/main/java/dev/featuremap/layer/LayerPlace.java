package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;

/**
 * Where a layer stands in its network, what it must be ready for, and where it works.
 *
 * @param index the layer's number, from 0; it keeps the random numbers of two layers apart
 * @param parametersAt where the layer's slice starts in the flat parameter vector
 * @param buffersFromEnd how far before the vector's end the layer's slice of buffers starts
 * @param blocks blocks of the largest mini-batch that it trains on; 0 when it only predicts
 * @param inputGradient true when a layer below learns, so that backward is asked for the gradient
 *     of the input
 * @param frozen true when training leaves the layer alone: it then works as in evaluation, is no
 *     barrier, and nobody asks for the gradient of its parameters, which it need not compute
 * @param scratch of the network's thread
 */
public record LayerPlace(
    int index,
    int parametersAt,
    int buffersFromEnd,
    int blocks,
    boolean inputGradient,
    boolean frozen,
    Scratch scratch) {

  /** The place of a layer that is not frozen. */
  public LayerPlace(
      int index,
      int parametersAt,
      int buffersFromEnd,
      int blocks,
      boolean inputGradient,
      Scratch scratch) {
    this(index, parametersAt, buffersFromEnd, blocks, inputGradient, false, scratch);
  }

  /** Blocks whose share of the parameter gradient the layer keeps. */
  public int gradientBlocks() {
    return frozen ? 0 : blocks;
  }
}
