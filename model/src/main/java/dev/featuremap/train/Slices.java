package dev.featuremap.train;

import java.io.Serializable;

/**
 * How the vectors that workers return are cut into slices that are joined one by one. It follows
 * from sizes alone, never from a cluster, since sums over a vector add up slice by slice.
 *
 * @param size floats in a vector
 * @param length floats in each slice but the last, which may be shorter
 */
public record Slices(int size, int length) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** 256 KiB: below it, a piece of a shuffle costs more to find than to send. */
  static final int SHORTEST = 1 << 16;

  /** 16 MiB: whoever joins a slice holds three times its size, two of them as doubles. */
  static final int LONGEST = 1 << 22;

  /** One slice for each worker, as far as slices get neither too short nor too long. */
  public static Slices of(int size, int workers) {
    int share = size / workers + (size % workers == 0 ? 0 : 1);
    return new Slices(size, Math.max(SHORTEST, Math.min(share, LONGEST)));
  }

  /** How many slices there are; at least one. */
  public int count() {
    return Math.max(1, size / length + (size % length == 0 ? 0 : 1));
  }

  /** Where a slice starts. */
  public int from(int slice) {
    return slice * length;
  }

  /** Where a slice ends. */
  public int to(int slice) {
    return (int) Math.min((long) length * (slice + 1), size);
  }
}
