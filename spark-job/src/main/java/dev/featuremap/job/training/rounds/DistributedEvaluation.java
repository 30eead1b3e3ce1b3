package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.train.Evaluation;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Evaluates models on the cluster, one task a shard, and adds up in the order of shards.
 *
 * @param networkText the network as HOCON
 */
public record DistributedEvaluation(JavaSparkContext spark, String networkText) {

  /**
   * Evaluates on all shards of a set.
   *
   * @param model parameters and buffers and nothing else, since they travel to every executor
   * @param description what Spark's pages show
   */
  public Evaluation evaluate(ShardedImages images, float[] model, String description) {
    return SparkJob.describe(spark, description, () -> evaluate(images, model));
  }

  private Evaluation evaluate(ShardedImages images, float[] model) {
    Broadcast<float[]> shared = spark.broadcast(model);
    try {
      EvaluationTask task = new EvaluationTask(networkText, shared);
      return Evaluation.total(images.shards().mapPartitions(task).collect());
    } finally {
      shared.destroy(false);
    }
  }
}
