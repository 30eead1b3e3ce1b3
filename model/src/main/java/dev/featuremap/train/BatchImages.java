package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.network.InputSpec;

/** The images of the group of blocks in hand, or of a whole mini-batch. */
final class BatchImages {
  private final LaneBlock[] scratch;
  private final LaneBlock[] loaded;
  private final boolean keepsBatch;

  private BatchImages(InputSpec input, int blocks, boolean keepsBatch) {
    this.keepsBatch = keepsBatch;
    scratch = new LaneBlock[blocks];
    loaded = new LaneBlock[blocks];
    for (int k = 0; k < blocks; k++) {
      scratch[k] = new LaneBlock(input.shape(), input.normalization());
    }
  }

  /** Room for a group, of one thread. */
  static BatchImages ofGroup(InputSpec input, int groupBlocks) {
    return new BatchImages(input, groupBlocks, false);
  }

  /** Room for a mini-batch, for all threads. */
  static BatchImages ofBatch(InputSpec input, int batchBlocks) {
    return new BatchImages(input, batchBlocks, true);
  }

  /** Loads block {@code k} of the group that starts at {@code first}. */
  void load(BlockSource source, int first, int k) {
    int at = place(first, k);
    loaded[at] = source.block(first + k, scratch[at]);
  }

  /** Block {@code k} of the group that starts at {@code first}. */
  LaneBlock block(int first, int k) {
    return loaded[place(first, k)];
  }

  private int place(int first, int k) {
    return keepsBatch ? first + k : k;
  }
}
