package dev.featuremap.layer;

/**
 * A working layer: a forward and a backward pass over one block of 16 images.
 *
 * <p>A layer owns its scratch buffers, is used by one thread, and is never serialized. Its
 * parameters are a slice of the flat vector whose start it was built with.
 */
public interface Layer {

  /**
   * Computes the layer's output.
   *
   * @param parameters the network's flat parameter vector, not changed
   * @param input {@code [input shape, 16]}, not changed
   * @param output {@code [output shape, 16]}, overwritten
   */
  void forward(BlockPass pass, float[] parameters, float[] input, float[] output);

  /**
   * Computes gradients from those of the output. The arguments say all: between a block's forward
   * and backward pass the layer may have worked on other blocks.
   *
   * @param input what forward read
   * @param output what forward wrote
   * @param outputGradient {@code [output shape, 16]}, not changed
   * @param inputGradient {@code [input shape, 16]}, overwritten; null when nobody needs it
   * @param parameterGradient the flat gradient vector; the layer adds to its slice
   */
  void backward(
      BlockPass pass,
      float[] parameters,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient,
      float[] parameterGradient);
}
