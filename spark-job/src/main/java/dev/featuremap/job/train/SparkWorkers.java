package dev.featuremap.job.train;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.evaluate.DistributedEvaluation;
import dev.featuremap.job.shard.ShardedImages;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Round;
import dev.featuremap.train.WorkerResult;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Runs rounds and evaluations on the cluster: one Spark job each, one task a worker, results in
 * worker order. Executors keep nothing but cached shards, which Spark can rebuild.
 */
final class SparkWorkers {
  private final JavaSparkContext spark;
  private final RunPlan plan;
  private final DistributedEvaluation evaluation;

  SparkWorkers(JavaSparkContext spark, RunPlan plan) {
    this.spark = spark;
    this.plan = plan;
    this.evaluation = new DistributedEvaluation(spark, plan.networkText());
  }

  /** Loads the shards into the cache and returns their digests, in worker order. */
  List<String> load(ShardedImages images, String description) {
    return SparkJob.describe(spark, description, images::sha256);
  }

  /** Sends {@code state} to all workers and returns what each made of it, in worker order. */
  List<WorkerResult> run(ShardedImages images, float[] state, Round round, String description) {
    return SparkJob.describe(spark, description, () -> run(images, state, round));
  }

  private List<WorkerResult> run(ShardedImages images, float[] state, Round round) {
    Broadcast<float[]> shared = spark.broadcast(neededBy(round, state));
    try {
      RoundTask task = new RoundTask(plan, shared, round);
      return images.chunks().mapPartitionsWithIndex(task, false).collect();
    } finally {
      shared.destroy(false);
    }
  }

  /** What workers read of a state in a round: the slots only where they update themselves. */
  float[] neededBy(Round round, float[] state) {
    return round.sharesGradients() ? model(state) : state;
  }

  /** Evaluates the parameters and buffers of {@code state} on all shards of a set. */
  Evaluation evaluate(ShardedImages images, float[] state, String description) {
    return evaluation.evaluate(images, model(state), description);
  }

  private float[] model(float[] state) {
    return plan.network().stateLayout(plan.training().optimizer().slots()).model(state);
  }
}
