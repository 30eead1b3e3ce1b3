package dev.featuremap.random;

/**
 * Counter-based random numbers: a pure function of keys, so that no generator is shared, stored or
 * advanced.
 *
 * <p>Keys are folded one by one through the finalizer of SplitMix64 (Steele, Lea and Flood 2014,
 * "Fast splittable pseudorandom number generators"; constants of variant 13 by Stafford).
 */
public final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** 64 well-mixed bits of {@code key} under {@code hash}, which may be a seed or another hash. */
  public static long hash(long hash, long key) {
    return join(hash, spread(key));
  }

  /**
   * The part of {@link #hash} that a key has alone, for loops in which one key meets many hashes.
   */
  public static long spread(long key) {
    return GOLDEN_GAMMA + mix(key + GOLDEN_GAMMA);
  }

  /** {@code hash(hash, key)} of the key that {@code spread} was made of. */
  public static long join(long hash, long spread) {
    return mix(hash + spread);
  }

  /** A hash of a purpose under a seed; different purposes give independent streams. */
  public static long stream(long seed, Purpose purpose) {
    return hash(mix(seed), purpose.key());
  }

  /** A number in {@code [0, 1)} with 24 random bits, from a hash. */
  public static float uniform(long hash) {
    return (hash >>> 40) * 0x1p-24f;
  }

  /** A number in {@code (0, 1]} with 53 random bits, from a hash. */
  public static double uniformOpen(long hash) {
    return ((hash >>> 11) + 1) * 0x1p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
