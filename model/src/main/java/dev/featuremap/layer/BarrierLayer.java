package dev.featuremap.layer;

/**
 * A layer whose training passes need something of all blocks of a mini-batch first, such as their
 * mean: every direction is a barrier.
 *
 * <p>In training the calls are {@link #collect} of every group, {@link #combine} once, then {@link
 * #forward(BlockGroup, float[][], float[][], float, float[][])}; on the way back {@link
 * #collectGradient}, {@link #combineGradient} once, then {@link #backward(BlockGroup, float[][],
 * float[][], boolean, float[][])}. A layer built to predict has no barrier.
 *
 * <p>What a network adds to the output, a shortcut or a rectifier, is done in the same pass. Its
 * {@link LayerSpec#isBarrier} is true.
 */
public interface BarrierLayer extends Layer {

  /** Describes the blocks of a group, before the barrier. */
  void collect(BlockGroup group, float[][] input);

  /** Joins what was collected; once for all forks. */
  void combine(float[] parameters, int blocks);

  /**
   * Computes the output of a group, after the barrier.
   *
   * @param addend what is added to the output; null for nothing
   * @param floor what smaller sums become; negative infinity for none
   */
  void forward(BlockGroup group, float[][] input, float[][] addend, float floor, float[][] output);

  /**
   * Describes the output gradient of the blocks of a group, before the barrier.
   *
   * @param rectified whether the gradient is that of a rectifier right behind the layer
   */
  void collectGradient(
      BlockGroup group, float[][] input, float[][] outputGradient, boolean rectified);

  /** Joins what was collected of the gradient; once for all forks. */
  void combineGradient(float[] parameters, int blocks);

  /**
   * Computes the input gradient of a group, after the barrier.
   *
   * @param rectified as in {@link #collectGradient}
   * @param inputGradient may be {@code outputGradient}
   */
  void backward(
      BlockGroup group,
      float[][] input,
      float[][] outputGradient,
      boolean rectified,
      float[][] inputGradient);

  @Override
  default void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
    forward(group, input, null, Float.NEGATIVE_INFINITY, output);
  }

  @Override
  default void backward(
      BlockGroup group,
      float[] parameters,
      float[][] input,
      float[][] output,
      float[][] outputGradient,
      float[][] inputGradient) {
    if (inputGradient != null) {
      backward(group, input, outputGradient, false, inputGradient);
    }
  }
}
