package dev.featuremap.init;

/** Fills a parameter tensor with its starting values, from a seed alone. */
public interface Initializer {

  /** The name a network file uses, for example {@code he-normal}. */
  String name();

  /**
   * Fills {@code values[from..to)}.
   *
   * @param seed the run's seed
   * @param tensor a number that differs for each tensor of a network
   * @param fanIn inputs of one unit
   * @param fanOut outputs one input reaches
   */
  void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut);
}
