package dev.featuremap.tensor;

/**
 * The image-lane layout: activations of a block of {@link #COUNT} images are stored as {@code
 * [channel][row][column][lane]}, so that neighbouring floats belong to neighbouring images.
 *
 * <p>A block has 16 lanes whatever the hardware's vector width; the width therefore never changes a
 * result.
 */
public final class Lanes {
  /** Images in a block. */
  public static final int COUNT = 16;

  private Lanes() {}

  /**
   * The sum over the 16 lanes at {@code values[at]}, always by the same pairwise tree: lanes 8,
   * then 4, 2 and 1 apart.
   */
  public static float sum(float[] values, int at) {
    float s0 = (values[at] + values[at + 8]) + (values[at + 4] + values[at + 12]);
    float s1 = (values[at + 1] + values[at + 9]) + (values[at + 5] + values[at + 13]);
    float s2 = (values[at + 2] + values[at + 10]) + (values[at + 6] + values[at + 14]);
    float s3 = (values[at + 3] + values[at + 11]) + (values[at + 7] + values[at + 15]);
    return (s0 + s2) + (s1 + s3);
  }
}
