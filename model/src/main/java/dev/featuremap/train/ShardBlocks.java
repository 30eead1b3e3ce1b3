package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.tensor.Lanes;

/** Neighbouring images of a shard, in the order of an epoch, as the blocks of a mini-batch. */
final class ShardBlocks implements BlockSource {
  private final Shard shard;
  private EpochOrder order = EpochOrder.sequential();
  private int first;
  private int images;

  ShardBlocks(Shard shard) {
    this.shard = shard;
  }

  void order(EpochOrder newOrder) {
    order = newOrder;
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
    return scratch;
  }
}
