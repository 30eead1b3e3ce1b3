package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.tensor.Shape;

/**
 * Applies an {@link Augmentation} to blocks, in this order: pixels move, colours change, rectangles
 * are erased, images are mixed.
 *
 * <p>Immutable: threads may share it, each with blocks of its own.
 */
public final class Augmenter {
  private final Augmentation augmentation;
  private final boolean changes;
  private final long stream;
  private final Warp warp;
  private final Recolouring recolouring;
  private final Erasing erasing;
  private final Mixup mixup;

  /**
   * An augmenter of images of one shape.
   *
   * @param normalization what turned the images' bytes into values
   * @param seed the run's
   */
  public Augmenter(Augmentation augmentation, Shape shape, Normalization normalization, long seed) {
    this.augmentation = augmentation;
    changes = !augmentation.equals(Augmentation.NONE);
    stream = CounterRandom.stream(seed, Purpose.AUGMENTATION);
    warp = new Warp(augmentation, shape, normalization);
    recolouring = new Recolouring(augmentation, shape, normalization);
    erasing = new Erasing(augmentation.erase(), shape);
    mixup = new Mixup(augmentation.mixup());
  }

  /** Changes the images of a block as they look in {@code epoch}; allocates little. */
  public void apply(LaneBlock block, int epoch) {
    if (!changes) {
      return;
    }
    ImageDraws[] draws = draws(block, epoch);
    if (augmentation.moves()) {
      warp.apply(block, draws);
    }
    if (augmentation.recolours()) {
      recolouring.apply(block, draws);
    }
    if (augmentation.erase() > 0) {
      erasing.apply(block, draws);
    }
    if (augmentation.mixup() > 0) {
      mixup.apply(block, draws);
    }
  }

  private ImageDraws[] draws(LaneBlock block, int epoch) {
    long epochKey = CounterRandom.hash(stream, epoch);
    ImageDraws[] draws = new ImageDraws[block.images()];
    for (int lane = 0; lane < draws.length; lane++) {
      draws[lane] = new ImageDraws(CounterRandom.hash(epochKey, block.records()[lane]));
    }
    return draws;
  }
}
