package dev.featuremap.job.images.shard;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.random.SeededPermutation;
import java.io.Serializable;
import java.util.Locale;

/**
 * Which worker trains on which record, and at which position of its shard.
 *
 * <p>A record's rank is its place in a permutation seeded by the run. The worker is {@code rank mod
 * workers}, the position {@code rank div workers}; hence the sizes of shards differ by at most one,
 * and nothing but the number of images, the number of workers and the seed decides.
 *
 * @param images how many records there are, with the ids {@code 0 … images-1}
 * @param workers at least 1, at most {@code images}
 */
public record ShardLayout(long images, int workers, long seed) implements Serializable {

  /**
   * Checks that every worker gets an image, and no more than a shard can hold.
   *
   * @throws JobException with {@code USAGE} otherwise
   */
  public ShardLayout {
    if (workers < 1 || workers > images) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot share %d images among %d workers: each needs at least one, expected 1 to %d workers.",
              images,
              workers,
              images));
    }
    if ((images - 1) / workers >= Integer.MAX_VALUE) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot share %d images among %d workers: a worker holds at most %d, expected at least %d workers.",
              images,
              workers,
              Integer.MAX_VALUE,
              (images - 1) / Integer.MAX_VALUE + 1));
    }
  }

  /** A layout for so many workers, or for one an image where there are fewer images. */
  public static ShardLayout ofAtMost(int workers, long images, long seed) {
    return new ShardLayout(images, (int) Math.min(workers, images), seed);
  }

  /** The worker that trains on {@code record}. */
  public int workerOf(long record) {
    return (int) (rankOf(record) % workers);
  }

  /** The place of {@code record} in the shard of its worker. */
  public int positionOf(long record) {
    return (int) (rankOf(record) / workers);
  }

  /** How many images {@code worker} trains on. */
  public int sizeOf(int worker) {
    return (int) ((images - 1 - worker) / workers) + 1;
  }

  private long rankOf(long record) {
    return new SeededPermutation(images, CounterRandom.stream(seed, Purpose.SHARDING))
        .apply(record);
  }
}
