package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.RankTally;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.ScoredImages;
import dev.featuremap.train.ScoredPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/** Evaluates models on the cluster, one task a shard, and adds up in the order of shards. */
public final class DistributedEvaluation {
  private final JavaSparkContext spark;
  private final SentNetwork network;
  private final int classes;
  private final EvaluationMemory memory;

  /**
   * Evaluations of one network.
   *
   * @param networkText the network as HOCON
   * @param classes how many it tells apart
   */
  public DistributedEvaluation(JavaSparkContext spark, String networkText, int classes) {
    this(spark, new SentNetwork.Text(networkText), classes);
  }

  DistributedEvaluation(JavaSparkContext spark, SentNetwork network, int classes) {
    this(spark, network, classes, EvaluationMemory.of(spark));
  }

  DistributedEvaluation(
      JavaSparkContext spark, SentNetwork network, int classes, EvaluationMemory memory) {
    this.spark = spark;
    this.network = network;
    this.classes = classes;
    this.memory = memory;
  }

  /**
   * Checks that executors and the driver have room for the counts of a set that is shared in this
   * way.
   *
   * @throws JobException with {@code USAGE} naming the setting to raise
   */
  public void requireFits(ShardLayout layout) {
    memory.requireFits(classes, layout);
  }

  /**
   * Evaluates on all shards of a set.
   *
   * @param model parameters and buffers of what is not frozen and nothing else, since they travel
   *     to every executor
   * @param description what Spark's pages show
   */
  public Evaluation evaluate(ShardedImages images, float[] model, String description) {
    return SparkJob.describe(spark, description, () -> evaluate(images, model));
  }

  private Evaluation evaluate(ShardedImages images, float[] model) {
    Broadcast<float[]> shared = spark.broadcast(model);
    Broadcast<LabelSets> sets = spark.broadcast(images.labelSets().orElse(null));
    try {
      return sum(
          images,
          images.shards().mapPartitions(new EvaluationTask(network, shared, sets)),
          Evaluation::total);
    } finally {
      shared.destroy(false);
      sets.destroy(false);
    }
  }

  /**
   * Evaluates on all shards of a set, and tells all that can be said of the predictions. Executors
   * keep the scores on their local disks until the second job has ranked them: to compute them
   * again would take as long as the first.
   *
   * @param model as {@link #evaluate} takes it
   */
  public FullEvaluation evaluateFully(ShardedImages images, float[] model, String description) {
    Broadcast<float[]> shared = spark.broadcast(model);
    Broadcast<LabelSets> sets = spark.broadcast(images.labelSets().orElse(null));
    JavaRDD<ScoredImages> scores =
        images
            .shards()
            .mapPartitions(new ScoreTask(network, shared, sets))
            .persist(StorageLevel.DISK_ONLY());
    try {
      ScoredPart total =
          SparkJob.describe(
              spark,
              description,
              () ->
                  sum(
                      images,
                      scores.mapPartitions(
                          part ->
                              List.of(ScoredPart.of(part, Optional.ofNullable(sets.value())))
                                  .iterator()),
                      ScoredPart::total));
      LabelScores ofLabels = total.ofLabels();
      RankTally ranks =
          SparkJob.describe(spark, description + " · rank", () -> rank(scores, ofLabels, sets));
      return new FullEvaluation(total.evaluation(), total.metrics(ranks, ofLabels));
    } finally {
      scores.unpersist(false);
      shared.destroy(false);
      sets.destroy(false);
    }
  }

  private RankTally rank(
      JavaRDD<ScoredImages> scores, LabelScores ofLabels, Broadcast<LabelSets> sets) {
    Broadcast<LabelScores> shared = spark.broadcast(ofLabels);
    try {
      // Whole numbers: their order does not matter.
      return scores.mapPartitions(new RankTask(shared, sets)).treeReduce(RankTally::plus);
    } finally {
      shared.destroy(false);
    }
  }

  /** Collects what each shard gave and adds it up in the order of shards. */
  private <T> T sum(ShardedImages images, JavaRDD<T> results, Function<List<T>, T> total) {
    List<T> parts = new ArrayList<>();
    for (int[] shards : memory.groups(classes, images.layout())) {
      for (List<T> part : results.collectPartitions(shards)) {
        parts.addAll(part);
      }
      // The sum so far stands first, so that groups change no bit.
      T sum = total.apply(parts);
      parts.clear();
      parts.add(sum);
    }
    return parts.get(0);
  }
}
