package dev.featuremap.kernel;

/**
 * The parameter gradient of a fully connected layer: keeps the blocks of a mini-batch and
 * multiplies them at its end, so that each gradient is written once.
 *
 * <p>Made once per layer and shared by threads, which keep different blocks and write different
 * parts at the same time.
 */
public interface FullyConnectedGradient {
  /** Floats by which an image's values may be filled up. */
  int LARGEST_PANEL = 64;

  /**
   * Keeps a block.
   *
   * @param block its number in the mini-batch
   * @param input {@code [inputs, 16]}
   * @param outputGradient {@code [outputs, 16]}
   */
  void keep(int block, float[] input, float[] outputGradient);

  /**
   * Writes {@code gw[o,i] = Σ_images go[image,o] · in[image,i]} and {@code gb[o] = Σ_images
   * go[image,o]} for a part of the outputs.
   *
   * <p>Chain: start at zero, then blocks, then lanes 0 to 15. Inputs are the vector, so nothing is
   * summed across lanes.
   *
   * @param blocks blocks of the mini-batch, all kept
   * @param biasesAt where {@code gb} starts; negative for none
   */
  void writeInto(
      int blocks, float[] parameterGradient, int weightsAt, int biasesAt, int part, int parts);
}
