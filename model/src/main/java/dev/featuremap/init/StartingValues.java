package dev.featuremap.init;

/** How a parameter tensor gets its starting values, from a seed alone. */
public interface StartingValues {

  /**
   * Fills {@code values[from..to)}.
   *
   * @param seed the run's seed
   * @param tensor a number that differs for each tensor of a network
   * @param fanIn inputs of one unit
   * @param fanOut outputs one input reaches
   */
  void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut);

  /** The same value everywhere. */
  static StartingValues constant(float value) {
    return new Constant(value);
  }
}
