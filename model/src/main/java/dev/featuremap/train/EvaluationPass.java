package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * One pass of a network over a shard, a mini-batch at each step, which gives the images with their
 * probabilities: at least once, if there are none.
 */
public final class EvaluationPass implements Iterator<ScoredImages>, AutoCloseable {
  private static final int BATCH_SIZE = 256;

  /** Probabilities of a mini-batch, 16 MiB, as long as 16 images have no more. */
  private static final int MOST_VALUES = 1 << 22;

  private final Shard shard;
  private final float[] model;
  private final int classes;
  private final int batchSize;
  private final BatchExecutor executor;
  private final ShardBlocks blocks;
  private final LossTally tally = new LossTally();
  private final ConfusionMatrix confusion;
  private final ProbabilityTally probabilities;
  private final WorstMistakes mistakes = new WorstMistakes(Evaluation.MISTAKES);
  private int from;

  private EvaluationPass(
      NetworkPlan plan, Kernels kernels, float[] model, Shard shard, boolean scores, Team team) {
    this.shard = shard;
    this.model = model;
    this.classes = plan.classes();
    this.batchSize = scores ? batchSize(classes) : BATCH_SIZE;
    NetworkPlan read = Features.planOn(shard, plan);
    this.executor =
        scores
            ? BatchExecutor.scoring(read, kernels, batchSize, team)
            : BatchExecutor.evaluating(read, kernels, batchSize, team);
    this.confusion = new ConfusionMatrix(classes);
    this.probabilities = new ProbabilityTally(classes);
    this.blocks = ShardBlocks.ofAll(shard);
  }

  /**
   * Starts at the first image.
   *
   * @param shard of images, or of what {@link Features} are of them
   * @param model starts with the parameters and ends with the buffers, which may be a whole state
   * @param team outlives the pass
   */
  public static EvaluationPass scoring(
      NetworkPlan plan, Kernels kernels, float[] model, Shard shard, Team team) {
    return new EvaluationPass(plan, kernels, model, shard, true, team);
  }

  /** Evaluates all images, whose probabilities nobody needs. */
  static Evaluation toTheEnd(
      NetworkPlan plan, Kernels kernels, float[] model, Shard shard, Team team) {
    try (EvaluationPass pass = new EvaluationPass(plan, kernels, model, shard, false, team)) {
      while (pass.from < shard.size()) {
        pass.step();
      }
      return pass.evaluation();
    }
  }

  /** Whole blocks, so that losses add up in the same order however many images go together. */
  private static int batchSize(int classes) {
    int blocks = Math.min(BATCH_SIZE, MOST_VALUES / classes) / Lanes.COUNT;
    return Math.max(1, blocks) * Lanes.COUNT;
  }

  @Override
  public boolean hasNext() {
    return from < shard.size() || from == 0;
  }

  @Override
  public ScoredImages next() {
    if (!hasNext()) {
      throw new NoSuchElementException("All images are evaluated.");
    }
    int images = step();
    int[] labels = new int[images];
    float[] rows = new float[images * classes];
    for (int image = 0; image < images; image++) {
      labels[image] = executor.label(image);
      executor.probabilitiesInto(image, rows);
      probabilities.add(rows, image, labels[image], executor.prediction(image));
    }
    return hasNext()
        ? new ScoredImages(classes, labels, rows, null, null)
        : new ScoredImages(classes, labels, rows, evaluation(), probabilities);
  }

  private int step() {
    int images = blocks.select(from, batchSize);
    if (images > 0) {
      executor.evaluate(model, blocks, BatchExecutor.blocksOf(images), tally);
    }
    for (int image = 0; image < images; image++) {
      confusion.add(executor.label(image), executor.prediction(image));
      if (mistakes.takes(executor.margin(image))) {
        mistakes.add(
            new Mistake(
                blocks.record(from + image),
                from + image,
                executor.label(image),
                executor.prediction(image),
                executor.margin(image)));
      }
    }
    from += batchSize;
    return images;
  }

  private Evaluation evaluation() {
    return new Evaluation(tally.lossSum(), confusion, mistakes.list());
  }

  @Override
  public void close() {
    blocks.close();
  }
}
