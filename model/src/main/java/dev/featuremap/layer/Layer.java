package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;

/**
 * A working layer: a forward and a backward pass over groups of blocks of 16 images, and at the end
 * of a mini-batch the gradient of its parameters.
 *
 * <p>For each mini-batch the calls are: {@link #prepare}, then {@link #forward} and {@link
 * #backward} of one group after the other, then {@link #finishGradient}. A layer is used by one
 * thread; its {@linkplain #fork forks} work on other groups of the same mini-batch at the same
 * time. It allocates nothing after its first passes and is never serialized. {@code float[][]}
 * arguments hold one array a block of the group.
 */
public interface Layer {

  /**
   * Makes what both passes need of the parameters, for all forks. Threads share the work: each
   * calls with its own {@code part} of {@code parts}, and all calls return before the first pass.
   */
  default void prepare(float[] parameters, int part, int parts) {}

  /**
   * Computes the layer's output.
   *
   * @param group the blocks of this call
   * @param parameters the network's flat parameter vector, not changed
   * @param input {@code [input shape, 16]}, not changed
   * @param output {@code [output shape, 16]}, overwritten
   */
  void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output);

  /**
   * Computes the input gradient, and keeps what the parameter gradient needs. Between a group's
   * forward and backward pass the layer may have worked on other blocks of the mini-batch; what it
   * remembers of a block it keeps under the block's number.
   *
   * @param input what forward read
   * @param output what forward wrote
   * @param outputGradient {@code [output shape, 16]}, not changed
   * @param inputGradient {@code [input shape, 16]}, overwritten; null when nobody needs it
   */
  void backward(
      BlockGroup group,
      float[] parameters,
      float[][] input,
      float[][] output,
      float[][] outputGradient,
      float[][] inputGradient);

  /**
   * Writes this layer's part of the parameter gradient: the sum over all blocks of the mini-batch,
   * from what the backward passes of all forks kept. Threads share the work as in {@link #prepare};
   * what a part is changes no bit.
   *
   * @param blocks blocks of the mini-batch
   * @param parameterGradient the flat gradient vector; the layer's slice is overwritten
   */
  default void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {}

  /**
   * The same layer for another thread, whose scratch it uses; it shares what is prepared and kept.
   */
  Layer fork(Scratch scratch);
}
