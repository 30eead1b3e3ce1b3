package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.metric.LabelDecisions;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.tensor.Lanes;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

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
  private final Optional<LabelSets> sets;
  private final LabelDecisions decisions; // null where each image has one label
  private final float[] rows; // [image, class] of a mini-batch, for decisions
  private final WorstMistakes mistakes = new WorstMistakes(Evaluation.MISTAKES);
  private int from;

  private EvaluationPass(
      NetworkPlan plan,
      Kernels kernels,
      float[] model,
      Shard shard,
      Optional<LabelSets> sets,
      boolean asksScores,
      Team team) {
    boolean scores = asksScores || sets.isPresent();
    this.shard = shard;
    this.model = model;
    this.classes = plan.classes();
    this.batchSize = scores ? batchSize(classes) : BATCH_SIZE;
    NetworkPlan read = Features.planOn(shard, plan);
    this.executor =
        scores
            ? BatchExecutor.scoring(read, kernels, batchSize, sets, team)
            : BatchExecutor.evaluating(read, kernels, batchSize, team);
    this.confusion = new ConfusionMatrix(classes);
    this.probabilities = new ProbabilityTally(classes);
    this.sets = sets;
    this.decisions = sets.isPresent() ? new LabelDecisions(classes) : null;
    this.rows = new float[sets.isPresent() ? batchSize * classes : 0];
    this.blocks = ShardBlocks.ofAll(shard);
  }

  /**
   * Starts at the first image.
   *
   * @param shard of images, or of what {@link Features} are of them
   * @param model starts with the parameters and ends with the buffers, which may be a whole state
   * @param sets the sets of labels that the shard's labels are numbers of; empty for one label each
   * @param team outlives the pass
   */
  public static EvaluationPass scoring(
      NetworkPlan plan,
      Kernels kernels,
      float[] model,
      Shard shard,
      Optional<LabelSets> sets,
      Team team) {
    return new EvaluationPass(plan, kernels, model, shard, sets, true, team);
  }

  /** Evaluates all images, whose probabilities nobody needs. */
  static Evaluation toTheEnd(
      NetworkPlan plan,
      Kernels kernels,
      float[] model,
      Shard shard,
      Optional<LabelSets> sets,
      Team team) {
    try (EvaluationPass pass = new EvaluationPass(plan, kernels, model, shard, sets, false, team)) {
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
    float[] scores = new float[images * classes];
    for (int image = 0; image < images; image++) {
      labels[image] = executor.label(image);
      executor.probabilitiesInto(image, scores);
      if (decisions == null) {
        probabilities.add(scores, image, labels[image], executor.prediction(image));
      }
    }
    return hasNext()
        ? new ScoredImages(classes, labels, scores, null, null)
        : new ScoredImages(classes, labels, scores, evaluation(), probabilities);
  }

  private int step() {
    int images = blocks.select(from, batchSize);
    if (images > 0) {
      executor.evaluate(model, blocks, BatchExecutor.blocksOf(images), tally);
    }
    if (decisions == null) {
      confuse(images);
    } else {
      for (int image = 0; image < images; image++) {
        executor.probabilitiesInto(image, rows);
        decisions.add(rows, image, sets.get().of(executor.label(image)));
      }
    }
    from += batchSize;
    return images;
  }

  private void confuse(int images) {
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
  }

  private Evaluation evaluation() {
    return decisions != null
        ? new Evaluation(tally.lossSum(), decisions)
        : new Evaluation(tally.lossSum(), confusion, mistakes.list());
  }

  @Override
  public void close() {
    blocks.close();
  }
}
