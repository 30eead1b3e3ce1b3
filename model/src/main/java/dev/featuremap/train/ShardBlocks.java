package dev.featuremap.train;

import dev.featuremap.augment.Augmenter;
import dev.featuremap.data.BlockSource;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.tensor.Lanes;
import java.util.Optional;

/** Neighbouring images of a shard, in the order of an epoch, as the blocks of a mini-batch. */
final class ShardBlocks implements BlockSource {
  private final Shard shard;
  private final Optional<Augmenter> augmenter;
  private EpochOrder order = EpochOrder.sequential();
  private int epoch;
  private int first;
  private int images;

  /** The images as they are, in the order of the shard. */
  ShardBlocks(Shard shard) {
    this.shard = shard;
    this.augmenter = Optional.empty();
  }

  /** The images as {@code augmenter} changes them. */
  ShardBlocks(Shard shard, Augmenter augmenter) {
    this.shard = shard;
    this.augmenter = Optional.of(augmenter);
  }

  /** Starts {@code newEpoch}. */
  void order(EpochOrder newOrder, int newEpoch) {
    order = newOrder;
    epoch = newEpoch;
  }

  /** Selects up to {@code count} images from place {@code from} on; returns how many there are. */
  int select(long from, int count) {
    first = (int) Math.min(from, shard.size());
    images = Math.min(count, shard.size() - first);
    return images;
  }

  @Override
  public LaneBlock block(int number, LaneBlock scratch) {
    int from = number * Lanes.COUNT;
    scratch.load(shard, order, first + from, Math.min(Lanes.COUNT, images - from));
    augmenter.ifPresent(change -> change.apply(scratch, epoch));
    return scratch;
  }
}
