package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossBlocks;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computes logits and probabilities of images by a trained network, with the threads of a {@link
 * Team}. What layers prepare of the parameters is prepared once. Used by one caller at a time.
 */
public final class Predictor {
  private final int classes;
  private final float[] model;
  private final Team team;
  private final ThreadPass[] passes;
  private final int groupBlocks;
  private final AtomicInteger nextBlock = new AtomicInteger();

  private ShardBlocks source;
  private int images;

  /**
   * A predictor.
   *
   * @param model the parameters, then the buffers; must not change from here on
   */
  public Predictor(NetworkPlan plan, Kernels kernels, float[] model, Team team) {
    this.classes = plan.classes();
    this.model = model;
    this.team = team;
    this.groupBlocks = BatchExecutor.blocksTogether(plan);
    Network network = new Network(plan, kernels, 0, groupBlocks);
    network.prepare(model, 0, 1);
    InputSpec input = plan.spec().input();
    passes = new ThreadPass[team.threads()];
    for (int k = 0; k < passes.length; k++) {
      Network own = k == 0 ? network : network.fork();
      BatchImages scratch = BatchImages.ofGroup(input, groupBlocks);
      passes[k] = new ThreadPass(plan, kernels, own, groupBlocks, scratch, 0);
      passes[k].setEvaluating();
    }
  }

  /**
   * The logits of all images of a shard, whose labels play no part.
   *
   * @param into gets {@code [image, class]}; may be longer
   */
  public void logitsInto(Shard shard, float[] into) {
    run(shard, (part, outputs, firstImage) -> copy(outputs, into, firstImage));
  }

  /**
   * What the network's loss makes of the logits, and the class with the largest of them, the first
   * of equals.
   *
   * @param into gets the probabilities {@code [image, class]}; may be longer
   * @param largest gets a class for each image; may be longer
   */
  public void probabilitiesInto(Shard shard, float[] into, int[] largest) {
    run(
        shard,
        (part, outputs, firstImage) -> {
          for (int lane = 0; lane < lanes(firstImage); lane++) {
            largest[firstImage + lane] = LossBlocks.largest(classes, outputs, lane);
          }
          copy(passes[part].probabilities(outputs), into, firstImage);
        });
  }

  /**
   * The logits of all images of a shard, and what the network's loss makes of them.
   *
   * @param logits gets {@code [image, class]}; may be longer
   * @param probabilities likewise
   */
  public void outputsInto(Shard shard, float[] logits, float[] probabilities) {
    run(
        shard,
        (part, outputs, firstImage) -> {
          copy(outputs, logits, firstImage);
          copy(passes[part].probabilities(outputs), probabilities, firstImage);
        });
  }

  /** Takes the logits {@code [classes, 16]} of a block, on the thread of a part. */
  private interface Result {
    void take(int part, float[] outputs, int firstImage);
  }

  private void run(Shard shard, Result result) {
    try (ShardBlocks blocks = ShardBlocks.ofAll(shard)) {
      source = blocks;
      images = blocks.select(0, shard.size());
      nextBlock.set(0);
      team.run((part, parts) -> pass(part, result));
    }
  }

  private void pass(int part, Result result) {
    ThreadPass pass = passes[part];
    int blocks = BatchExecutor.blocksOf(images);
    int first = nextBlock.getAndAdd(groupBlocks);
    while (first < blocks) {
      int count = Math.min(groupBlocks, blocks - first);
      pass.load(source, first, count);
      pass.select(first, count, blocks);
      float[][] outputs = pass.logits(model);
      for (int k = 0; k < count; k++) {
        result.take(part, outputs[k], (first + k) * Lanes.COUNT);
      }
      first = nextBlock.getAndAdd(groupBlocks);
    }
  }

  private int lanes(int firstImage) {
    return Math.min(Lanes.COUNT, images - firstImage);
  }

  private void copy(float[] block, float[] into, int firstImage) {
    for (int lane = 0; lane < lanes(firstImage); lane++) {
      int at = (firstImage + lane) * classes;
      for (int c = 0; c < classes; c++) {
        into[at + c] = block[c * Lanes.COUNT + lane];
      }
    }
  }
}
