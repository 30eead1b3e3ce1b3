package dev.featuremap.train;

import dev.featuremap.augment.Augmenter;
import dev.featuremap.data.BlockSource;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.tensor.Lanes;
import java.util.Optional;

/** One pass over images of a shard, as the blocks of a mini-batch after another. */
final class ShardBlocks implements BlockSource, AutoCloseable {
  private final ImagePass pass;
  private final int to;
  private final Optional<Augmenter> augmenter;
  private final int epoch;
  private final ImageView view = new ImageView();
  private int first;
  private int images;
  private long waitNanos;

  private ShardBlocks(ImagePass pass, int to, Optional<Augmenter> augmenter, int epoch) {
    this.pass = pass;
    this.to = to;
    this.augmenter = augmenter;
    this.epoch = epoch;
  }

  /** All images as they are, in the order of the shard. */
  static ShardBlocks ofAll(Shard shard) {
    ImagePass pass = shard.pass(EpochOrder.sequential(), 0, shard.size());
    return new ShardBlocks(pass, shard.size(), Optional.empty(), 0);
  }

  /** The images at the places {@code [from, to)} of an epoch's order, as far as there are any. */
  static ShardBlocks ofRound(
      Shard shard, EpochOrder order, long from, long to, Optional<Augmenter> augmenter, int epoch) {
    int end = (int) Math.min(to, shard.size());
    ImagePass pass = shard.pass(order, (int) Math.min(from, end), end);
    return new ShardBlocks(pass, end, augmenter, epoch);
  }

  /**
   * Selects up to {@code count} images from place {@code from} on, and waits for them; returns how
   * many there are.
   */
  int select(long from, int count) {
    first = (int) Math.min(from, to);
    images = Math.min(count, to - first);
    long begin = System.nanoTime();
    pass.advance(first, images);
    waitNanos += System.nanoTime() - begin;
    return images;
  }

  /** The record id of an image of the mini-batch. */
  long record(int place) {
    pass.find(place, view);
    return view.record();
  }

  /** The class of an image of the mini-batch. */
  int label(int place) {
    pass.find(place, view);
    return view.label();
  }

  /** How long it has waited for images so far. */
  long waitNanos() {
    return waitNanos;
  }

  @Override
  public LaneBlock block(int number, LaneBlock scratch) {
    int from = number * Lanes.COUNT;
    scratch.load(pass, first + from, Math.min(Lanes.COUNT, images - from));
    augmenter.ifPresent(change -> change.apply(scratch, epoch));
    return scratch;
  }

  @Override
  public void close() {
    pass.close();
  }
}
