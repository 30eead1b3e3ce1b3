package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.train.Evaluation;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

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
    try {
      JavaRDD<Evaluation> results =
          images.shards().mapPartitions(new EvaluationTask(network, shared));
      List<Evaluation> parts = new ArrayList<>();
      for (int[] shards : memory.groups(classes, images.layout())) {
        for (List<Evaluation> part : results.collectPartitions(shards)) {
          parts.addAll(part);
        }
        // The sum so far stands first, so that groups change no bit.
        Evaluation total = Evaluation.total(parts);
        parts.clear();
        parts.add(total);
      }
      return parts.get(0);
    } finally {
      shared.destroy(false);
    }
  }
}
