package dev.featuremap.data;

import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.random.SeededPermutation;

/**
 * The order in which a worker visits its shard in one epoch; any position is computed by itself.
 */
public final class EpochOrder {
  private final SeededPermutation permutation;

  private EpochOrder(SeededPermutation permutation) {
    this.permutation = permutation;
  }

  /** The order of a shard of {@code size} images in {@code epoch}, each exactly once. */
  public static EpochOrder shuffled(long seed, int epoch, int worker, int size) {
    long key = CounterRandom.stream(seed, Purpose.EPOCH_ORDER);
    key = CounterRandom.hash(CounterRandom.hash(key, epoch), worker);
    return new EpochOrder(new SeededPermutation(size, key));
  }

  /** The order of the shard itself, as evaluation reads it. */
  public static EpochOrder sequential() {
    return new EpochOrder(null);
  }

  /** The shard position visited at {@code index}. */
  public int position(int index) {
    return permutation == null ? index : (int) permutation.apply(index);
  }
}
