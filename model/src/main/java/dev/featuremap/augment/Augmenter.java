package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.tensor.Shape;

/**
 * Applies an {@link Augmentation} to blocks, in this order: a crop takes the place of the image,
 * pixels move, a policy's operations follow, colours change, images are blurred, rectangles are
 * erased, images are mixed.
 *
 * <p>Threads may share it, each with blocks of its own: what it needs for a block it keeps by
 * thread.
 */
public final class Augmenter {
  private final Augmentation augmentation;
  private final boolean changes;
  private final long stream;
  private final ThreadLocal<Workspace> workspaces;
  private final ResizedCrop crop;
  private final Warp warp;
  private final PolicyPass policy;
  private final Recolouring recolouring;
  private final Blurring blurring;
  private final Erasing erasing;
  private final Mixing mixing;

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
    workspaces = ThreadLocal.withInitial(() -> new Workspace(shape, augmentation.elastic()));
    crop = new ResizedCrop(augmentation.crop(), shape);
    warp = new Warp(augmentation, shape, normalization);
    policy = new PolicyPass(augmentation.policy(), shape, normalization);
    recolouring = new Recolouring(augmentation, shape, normalization);
    blurring = new Blurring(augmentation.blur(), shape);
    erasing = new Erasing(augmentation.erase(), shape);
    mixing = new Mixing(augmentation.mixup(), augmentation.cutmix(), shape);
  }

  /**
   * Changes the images of a block as they look in {@code epoch}; allocates nothing once a thread
   * has changed one (but for some bytes where images are mixed by another α than 1, on JDK 17).
   */
  public void apply(LaneBlock block, int epoch) {
    if (!changes) {
      return;
    }
    Workspace work = workspaces.get();
    long epochKey = CounterRandom.hash(stream, epoch);
    for (int lane = 0; lane < block.images(); lane++) {
      work.draws[lane].reset(CounterRandom.hash(epochKey, block.records()[lane]));
    }
    change(block, work);
  }

  private void change(LaneBlock block, Workspace work) {
    if (!augmentation.crop().equals(Crop.NONE)) {
      crop.apply(block, work);
    }
    if (augmentation.moves()) {
      warp.apply(block, work);
    }
    if (augmentation.policy().kind().isPresent()) {
      policy.apply(block, work);
    }
    if (augmentation.recolours()) {
      recolouring.apply(block, work);
    }
    if (augmentation.blur().share() > 0) {
      blurring.apply(block, work);
    }
    if (augmentation.erase() > 0) {
      erasing.apply(block, work);
    }
    if (augmentation.mixup() > 0 || augmentation.cutmix() > 0) {
      mixing.apply(block, work);
    }
  }
}
