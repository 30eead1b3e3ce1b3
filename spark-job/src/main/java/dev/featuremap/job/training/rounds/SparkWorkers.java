package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.images.shard.ImageLookup;
import dev.featuremap.job.images.shard.ShardImage;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.Round;
import dev.featuremap.train.Slices;
import dev.featuremap.train.WireFormat;
import dev.featuremap.train.WorkerResult;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Runs rounds and evaluations on the cluster: one Spark job each, one task a worker, joined in
 * worker order. Executors keep nothing but cached shards, which Spark can rebuild.
 */
public record SparkWorkers(
    JavaSparkContext spark, TrainingPlan plan, WireFormat wire, DriverMemory room) {

  /** The same cluster with another plan. */
  public SparkWorkers at(TrainingPlan other) {
    return other == plan ? this : new SparkWorkers(spark, other, wire, room);
  }

  /** Loads the shards into the cache and tells of each, in worker order. */
  List<ShardLoad> load(ShardedImages images, String description) {
    return SparkJob.describe(spark, description, images::load);
  }

  /**
   * Sends {@code state} to all workers and joins what each made of it.
   *
   * @param loads what is known of each shard of {@code images}
   */
  public RoundOutcome run(
      ShardedImages images, List<ShardLoad> loads, float[] state, Round round, String description) {
    return SparkJob.describe(spark, description, () -> run(images, loads, state, round));
  }

  private RoundOutcome run(
      ShardedImages images, List<ShardLoad> loads, float[] state, Round round) {
    float[] needed = neededBy(round, state);
    Broadcast<float[]> shared = spark.broadcast(needed);
    try {
      JavaRDD<PackedResult> results =
          images
              .shards()
              .mapPartitionsWithIndex(new RoundTask(sentPlan(), shared, round, wire), true);
      int vectorSize = needed.length; // workers return as much as they are sent
      return room.collects((long) Float.BYTES * vectorSize * images.layout().workers())
          ? joinHere(results.collect(), state, round)
          : sliced(loads, shared, round, vectorSize).join(results);
    } finally {
      shared.destroy(false);
    }
  }

  /** True where workers will train on features that are kept in place of these images. */
  public boolean keepsFeatures(TrainingData data) {
    return StageImages.plan(spark, plan, data).filter(StageImages.Plan::fits).isPresent();
  }

  /** The plan as tasks take it along. */
  public TrainingPlan sentPlan() {
    return plan.forExecutors(spark);
  }

  private RoundOutcome joinHere(List<PackedResult> packed, float[] state, Round round) {
    List<WorkerResult> reports = packed.stream().map(PackedResult::report).toList();
    Laps laps = new Laps();
    List<WorkerResult> results = packed.stream().map(result -> result.unpack(state, 0)).toList();
    JoinedVector joined = JoinedVector.of(round, state, plan.network().parameters(), results);
    return new RoundOutcome(reports, joined, laps.lap());
  }

  private SlicedRound sliced(
      List<ShardLoad> loads, Broadcast<float[]> shared, Round round, int vectorSize) {
    long used = 0;
    for (ShardLoad load : loads) {
      used += round.images(load.images(), plan.training().batchSize());
    }
    return new SlicedRound(
        shared,
        round,
        Slices.of(vectorSize, loads.size()),
        plan.network().parameters(),
        loads.size(),
        used);
  }

  /**
   * Runs a task on the first shards, one after the other in their order.
   *
   * @param task makes the function of a shard from the broadcast state
   * @return what each shard gave, in the order of shards
   */
  public <T> List<T> runOnFirst(
      ShardedImages images,
      int shards,
      float[] state,
      Function<Broadcast<float[]>, Function2<Integer, Iterator<Shard>, Iterator<T>>> task,
      String description) {
    Broadcast<float[]> shared = spark.broadcast(state);
    try {
      return SparkJob.describe(
          spark,
          description,
          () ->
              Arrays.stream(
                      images
                          .shards()
                          .mapPartitionsWithIndex(task.apply(shared), true)
                          .collectPartitions(IntStream.range(0, shards).toArray()))
                  .flatMap(List::stream)
                  .toList());
    } finally {
      shared.destroy(false);
    }
  }

  /** What workers read of a state in a round: the slots only where they update themselves. */
  float[] neededBy(Round round, float[] state) {
    return round.sharesGradients() ? plan.layout().model(state) : state;
  }

  /** Brings the images at some positions of some shards to the driver, in the order of shards. */
  public List<ShardImage> lookUp(
      ShardedImages images, Map<Integer, List<Integer>> positions, String description) {
    int imageBytes = plan.network().spec().input().shape().size();
    return SparkJob.describe(
        spark, description, () -> ImageLookup.of(images, positions, imageBytes));
  }

  /** Evaluates the model of {@code state} on all shards of a set. */
  Evaluation evaluate(ShardedImages images, float[] state, String description) {
    return evaluations().evaluate(images, plan.trainedModel(state), description);
  }

  /** The same, with all metrics. */
  FullEvaluation evaluateFully(ShardedImages images, float[] state, String description) {
    return evaluations().evaluateFully(images, plan.trainedModel(state), description);
  }

  private DistributedEvaluation evaluations() {
    return new DistributedEvaluation(spark, sentPlan(), plan.network().classes());
  }
}
