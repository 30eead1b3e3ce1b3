package dev.featuremap.random;

/**
 * A pseudo-random permutation of {@code 0 … size-1} that needs no memory: any position is computed
 * by itself.
 *
 * <p>A balanced Feistel network of six rounds over the next even number of bits, with cycle walking
 * until the value falls inside the range (Black and Rogaway 2002, "Ciphers with arbitrary finite
 * domains").
 */
public final class SeededPermutation {
  private static final int ROUNDS = 6;

  private final long size;
  private final long key;
  private final int halfBits;
  private final long halfMask;

  /**
   * A permutation fixed by its key.
   *
   * @param size how many numbers, at least 0 and below 2^62
   */
  public SeededPermutation(long size, long key) {
    if (size < 0 || size >= 1L << 62) {
      throw new IllegalArgumentException(
          "Cannot permute %s numbers: expected 0 to 2^62.".formatted(size));
    }
    this.size = size;
    this.key = key;
    int bits = Math.max(2, 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1)));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Where {@code position} goes; a bijection on {@code 0 … size-1}. */
  public long apply(long position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException(
          "Cannot permute position %s: expected 0 to %s.".formatted(position, size - 1));
    }
    long value = encipher(position);
    while (value >= size) {
      value = encipher(value);
    }
    return value;
  }

  private long encipher(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (CounterRandom.hash(key + round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
