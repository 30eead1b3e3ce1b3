package dev.featuremap.loss;

import dev.featuremap.tensor.Targets;

/**
 * Compares a network's outputs with labels, one block of 16 images at a time.
 *
 * <p>Holds scratch, allocates nothing per call, and is used by one thread.
 */
public interface LossFunction {

  /**
   * Adds the block's loss and hits to {@code tally} and, when {@code gradient} is given, fills it
   * with the gradient of the <em>sum</em> of the losses; unused lanes get zero.
   *
   * @param outputs {@code [classes, 16]}, the network's logits, not changed
   * @param targets what the images show; 1 to 16 lanes in use
   * @param gradient {@code [classes, 16]}, or null
   */
  void evaluate(float[] outputs, Targets targets, float[] gradient, LossTally tally);

  /**
   * Turns logits into probabilities, lane by lane.
   *
   * @param outputs {@code [classes, 16]}
   * @param probabilities {@code [classes, 16]}, overwritten; may be {@code outputs}
   */
  void probabilities(float[] outputs, float[] probabilities);
}
