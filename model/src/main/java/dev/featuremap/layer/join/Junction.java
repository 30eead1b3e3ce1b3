package dev.featuremap.layer.join;

/**
 * Makes one activation of several, and their gradients of its gradient. Holds nothing of a pass, so
 * threads share it; allocates nothing.
 *
 * <p>Arrays are blocks of 16 images, {@code [channels, height, width, 16]}, as layers have them.
 */
public interface Junction {

  /**
   * Joins activations.
   *
   * @param inputs a block of each activation; further entries are not read
   */
  void forward(float[][] inputs, float[] output);

  /**
   * Writes the gradient of each input that needs it.
   *
   * @param inputs as in the forward pass
   * @param outputGradient gradient of what {@link #forward} wrote
   * @param inputGradients where the gradient of each input goes; null for one that nobody needs
   */
  void backward(float[][] inputs, float[] outputGradient, float[][] inputGradients);
}
