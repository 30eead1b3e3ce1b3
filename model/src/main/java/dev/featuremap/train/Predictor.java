package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.TrainingLoss;
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
  private final NetworkPlan plan;
  private final Kernels kernels;
  private final int outputs;
  private final float[] model;
  private final Team team;
  private final ThreadPass[] passes;
  private final int groupBlocks;
  private final AtomicInteger nextBlock = new AtomicInteger();

  private BlockSource source;
  private int images;

  /**
   * A predictor.
   *
   * @param model the parameters, then the buffers; must not change from here on
   */
  public Predictor(NetworkPlan plan, Kernels kernels, float[] model, Team team) {
    this(plan, kernels, model, team, prepared(plan, kernels, model));
  }

  private Predictor(NetworkPlan plan, Kernels kernels, float[] model, Team team, Network network) {
    this.plan = plan;
    this.kernels = kernels;
    this.outputs = plan.output().size();
    this.model = model;
    this.team = team;
    this.groupBlocks = BatchExecutor.blocksTogether(plan);
    InputSpec input = plan.spec().input();
    passes = new ThreadPass[team.threads()];
    for (int k = 0; k < passes.length; k++) {
      Network own = k == 0 ? network : network.fork();
      BatchImages scratch = BatchImages.ofGroup(input, groupBlocks);
      passes[k] = new ThreadPass(plan, kernels, own, groupBlocks, scratch, TrainingLoss.PLAIN);
      passes[k].setEvaluating();
    }
  }

  private static Network prepared(NetworkPlan plan, Kernels kernels, float[] model) {
    Network network = new Network(plan, kernels, 0, BatchExecutor.blocksTogether(plan));
    network.prepare(model, 0, 1);
    return network;
  }

  /** The same for one more caller, on its own thread; what is prepared is shared. */
  public Predictor fork() {
    return new Predictor(plan, kernels, model, Team.alone(), passes[0].network().fork());
  }

  /**
   * The logits of all images of a shard, whose labels play no part, and what the network's loss
   * makes of them.
   *
   * @param logits gets {@code [image, class]}; may be longer
   * @param probabilities likewise
   */
  public void outputsInto(Shard shard, float[] logits, float[] probabilities) {
    run(shard, logits, probabilities);
  }

  /**
   * The output of a plan that is cut, see {@link NetworkPlan#upTo}.
   *
   * @param features gets {@code [image, channel, row, column]}; may be longer
   */
  public void featuresInto(Shard shard, float[] features) {
    run(shard, features, null);
  }

  /** The same of the images that a pass has selected. */
  void featuresInto(ShardBlocks selected, int count, float[] features) {
    run(selected, count, features, null);
  }

  private void run(Shard shard, float[] logits, float[] probabilities) {
    try (ShardBlocks blocks = ShardBlocks.ofAll(shard)) {
      run(blocks, blocks.select(0, shard.size()), logits, probabilities);
    }
  }

  private void run(BlockSource selected, int count, float[] logits, float[] probabilities) {
    source = selected;
    images = count;
    nextBlock.set(0);
    team.run((part, parts) -> pass(passes[part], logits, probabilities));
  }

  /** What the plan makes of a lane that has no image, {@code [channel, row, column]}. */
  float[] unusedLane() {
    float[] values = new float[outputs];
    InputSpec input = plan.spec().input();
    LaneBlock zeros = new LaneBlock(input.shape(), input.normalization());
    run((number, scratch) -> zeros, 1, values, null);
    return values;
  }

  private void pass(ThreadPass pass, float[] logits, float[] probabilities) {
    int blocks = BatchExecutor.blocksOf(images);
    int first = nextBlock.getAndAdd(groupBlocks);
    while (first < blocks) {
      int count = Math.min(groupBlocks, blocks - first);
      pass.load(source, first, count);
      pass.select(first, count, blocks);
      float[][] computed = pass.logits(model);
      for (int k = 0; k < count; k++) {
        copy(computed[k], logits, first + k);
        if (probabilities != null) {
          copy(pass.probabilities(computed[k]), probabilities, first + k);
        }
      }
      first = nextBlock.getAndAdd(groupBlocks);
    }
  }

  private void copy(float[] values, float[] into, int block) {
    int end = Math.min((block + 1) * Lanes.COUNT, images);
    for (int image = block * Lanes.COUNT; image < end; image++) {
      for (int k = 0; k < outputs; k++) {
        into[image * outputs + k] = values[k * Lanes.COUNT + image % Lanes.COUNT];
      }
    }
  }
}
