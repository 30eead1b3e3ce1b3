package dev.featuremap.loss;

/** Compares a network's outputs with labels, one block of 16 images at a time. */
public interface Loss {

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  String name();

  /**
   * Adds the block's loss and hits to {@code tally} and, when {@code gradient} is given, fills it
   * with the gradient of the <em>sum</em> of the losses; lanes at and after {@code images} get
   * zero.
   *
   * @param classes outputs per image
   * @param outputs {@code [classes, 16]}, the network's logits, not changed
   * @param labels the class of each lane; 16 values
   * @param images lanes in use, 1 to 16
   * @param gradient {@code [classes, 16]}, or null
   */
  void evaluate(
      int classes, float[] outputs, int[] labels, int images, float[] gradient, LossTally tally);

  /**
   * Turns logits into probabilities, lane by lane.
   *
   * @param outputs {@code [classes, 16]}
   * @param probabilities {@code [classes, 16]}, overwritten; may be {@code outputs}
   */
  void probabilities(int classes, float[] outputs, float[] probabilities);
}
