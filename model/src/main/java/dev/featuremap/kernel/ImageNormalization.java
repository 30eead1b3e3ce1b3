package dev.featuremap.kernel;

/**
 * The passes of normalizations that look at each image by itself, over a run of {@code [pixels,
 * 16]} values from {@code from} on, with numbers of each lane in arrays of 16.
 *
 * <p>Made once per layer and thread: holds scratch and allocates nothing per call. A sum over a run
 * is one for each lane, in four chains of every fourth pixel that are added as {@code (0 + 1) + (2
 * + 3)}, then the up to three pixels left. Chains are in float, so callers cut long runs.
 */
public interface ImageNormalization {

  /** {@code sums = Σ x}, overwritten. */
  void sum(float[] values, int from, int pixels, float[] sums);

  /** {@code sums = Σ d} and {@code squares = Σ d²} with {@code d = x - center}, overwritten. */
  void deviations(
      float[] values, int from, int pixels, float[] centers, float[] sums, float[] squares);

  /** {@code output = fma(x - center, scale, shift)}, at the place of {@code x}. */
  void normalize(
      float[] values,
      int from,
      int pixels,
      float[] centers,
      float[] scales,
      float[] shifts,
      float[] output);

  /** {@code sums = Σ g} and {@code products = Σ g · (x - center)}, overwritten. */
  void gradientSums(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] sums,
      float[] products);

  /**
   * {@code inputGradient = fma(ofGradient, g, fma(ofDistance, x - center, constant))}, at the place
   * of {@code x}.
   */
  void inputGradient(
      float[] values,
      float[] gradient,
      int from,
      int pixels,
      float[] centers,
      float[] ofGradient,
      float[] ofDistance,
      float[] constants,
      float[] inputGradient);
}
