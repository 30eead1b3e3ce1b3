package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computes the logits of images by a trained network, with the threads of a {@link Team}. What
 * layers prepare of the parameters is prepared once. Used by one caller at a time.
 */
public final class Predictor {
  private final int classes;
  private final float[] model;
  private final Team team;
  private final Strand[] strands;
  private final int groupBlocks;
  private final AtomicInteger nextBlock = new AtomicInteger();
  private final Team.Task passTask = this::pass;

  private ShardBlocks source;
  private int images;
  private float[] logits;

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
    InputSpec input = plan.network().input();
    strands = new Strand[team.threads()];
    for (int k = 0; k < strands.length; k++) {
      Network own = k == 0 ? network : network.fork();
      BatchImages scratch = BatchImages.ofGroup(input, groupBlocks);
      strands[k] = new Strand(plan, kernels, own, groupBlocks, scratch, 0);
      strands[k].setEvaluating();
    }
  }

  /**
   * The logits of all images of a shard, whose labels play no part.
   *
   * @param into gets {@code [image, class]}; may be longer
   */
  public void logitsInto(Shard shard, float[] into) {
    try (ShardBlocks blocks = ShardBlocks.ofAll(shard)) {
      source = blocks;
      images = blocks.select(0, shard.size());
      logits = into;
      nextBlock.set(0);
      team.run(passTask);
    }
  }

  private void pass(int part, int parts) {
    Strand strand = strands[part];
    int blocks = BatchExecutor.blocksOf(images);
    int first = nextBlock.getAndAdd(groupBlocks);
    while (first < blocks) {
      int count = Math.min(groupBlocks, blocks - first);
      strand.load(source, first, count);
      strand.select(first, count, blocks);
      float[][] outputs = strand.logits(model);
      for (int k = 0; k < count; k++) {
        copy(outputs[k], (first + k) * Lanes.COUNT);
      }
      first = nextBlock.getAndAdd(groupBlocks);
    }
  }

  private void copy(float[] block, int firstImage) {
    int lanes = Math.min(Lanes.COUNT, images - firstImage);
    for (int lane = 0; lane < lanes; lane++) {
      int at = (firstImage + lane) * classes;
      for (int c = 0; c < classes; c++) {
        logits[at + c] = block[c * Lanes.COUNT + lane];
      }
    }
  }
}
