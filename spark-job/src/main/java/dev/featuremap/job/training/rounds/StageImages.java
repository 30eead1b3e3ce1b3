package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.images.shard.CacheMemory;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.network.FeatureCut;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The images of a run as a stage reads them: pixels, or what the frozen part of its network makes
 * of them, where that is the same in every epoch and there is room to keep it.
 */
final class StageImages {
  private final JavaSparkContext spark;
  private final TrainingData data;
  private TrainingPlan stage;
  private int keptLayers;
  private ShardedImages train;
  private Optional<ShardedImages> evaluated;

  StageImages(JavaSparkContext spark, TrainingData data) {
    this.spark = spark;
    this.data = data;
    this.train = data.train();
    this.evaluated = data.evaluated();
  }

  /**
   * What a stage would keep, and whether executors have room for it.
   *
   * @param layers that are computed once
   * @param bytes of the features of all images
   * @param room bytes that executors have for them
   * @param fits false if the features must be computed again in every epoch
   */
  record Plan(int layers, long bytes, long room, boolean fits) {

    /**
     * Follows the rule of pixels: all that is kept in memory takes at most half of what Spark has
     * for caching.
     *
     * @param images in all sets
     * @param largestShard images of the largest shard
     * @param pixelBytes of the images that are kept as pixels
     */
    static Plan of(
        FeatureCut cut, CacheMemory memory, long images, long largestShard, long pixelBytes) {
      long each = (long) Float.BYTES * cut.values();
      long room = Math.max(0, memory.total() / 2 - pixelBytes);
      boolean fits = images * each <= room && largestShard * each <= memory.least();
      return new Plan(cut.layers(), images * each, room, fits);
    }

    /** One line for people. */
    String line() {
      return fits
          ? String.format(
              Locale.ROOT,
              "features of %s are kept: %,d MB; computed once for each image",
              count(),
              megabytes(bytes))
          : String.format(
              Locale.ROOT,
              "features of %s are not kept: they take %,d MB, executors have %,d MB for them; computed again in every epoch",
              count(),
              megabytes(bytes),
              room / 1_000_000);
    }

    private String count() {
      return layers == 1 ? "1 layer" : layers + " layers";
    }

    private static long megabytes(long bytes) {
      return (bytes + 999_999) / 1_000_000;
    }
  }

  /** What a stage would keep; empty if it has no features that stay the same. */
  static Optional<Plan> plan(JavaSparkContext spark, TrainingPlan stage, TrainingData data) {
    return stage.featureCut().map(cut -> plan(spark, stage, cut, data));
  }

  private static Plan plan(
      JavaSparkContext spark, TrainingPlan stage, FeatureCut cut, TrainingData data) {
    int imageBytes = stage.network().spec().input().shape().size();
    List<ShardLoad> loads =
        Stream.concat(data.trainLoads().stream(), data.evaluatedLoads().stream()).toList();
    long inMemory =
        loads.stream().filter(load -> load.diskBytes() == 0).mapToLong(ShardLoad::images).sum();
    return Plan.of(
        cut,
        SparkJob.describe(spark, "look for executors", () -> CacheMemory.of(spark)),
        data.trainImages() + data.evaluatedImages(),
        loads.stream().mapToLong(ShardLoad::images).max().orElse(0),
        inMemory * imageBytes);
  }

  /**
   * Turns to a stage, and lets go of what the one before has kept unless both keep the same.
   *
   * @return what there is to say, if the stage is another one
   */
  Optional<String> enter(TrainingPlan next) {
    if (next == stage) {
      return Optional.empty();
    }
    stage = next;
    Optional<Plan> plan = plan(spark, next, data);
    int layers = plan.filter(Plan::fits).map(Plan::layers).orElse(0);
    if (layers != keptLayers || layers == 0) {
      release();
      keep(layers);
    }
    return plan.map(Plan::line);
  }

  private void keep(int layers) {
    if (layers > 0) {
      TrainingPlan sent = stage.forExecutors(spark);
      train = new FeatureShards(data.train(), "features of training images", sent);
      String name = "features of %s images".formatted(data.evaluatedSet());
      evaluated = data.evaluated().map(images -> new FeatureShards(images, name, sent));
    }
    keptLayers = layers;
  }

  /** True where features stand in place of pixels. */
  boolean areFeatures() {
    return keptLayers > 0;
  }

  /** What workers train on. */
  ShardedImages train() {
    return train;
  }

  /** What epochs are evaluated on. */
  Optional<ShardedImages> evaluated() {
    return evaluated;
  }

  /** Lets go of features; images are then read as they are. */
  void release() {
    if (areFeatures() && !spark.sc().isStopped()) {
      train.release();
      evaluated.ifPresent(ShardedImages::release);
    }
    keptLayers = 0;
    train = data.train();
    evaluated = data.evaluated();
  }
}
