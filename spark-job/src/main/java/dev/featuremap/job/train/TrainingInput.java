package dev.featuremap.job.train;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.shard.ShardLayout;
import dev.featuremap.job.shard.ShardedImages;
import dev.featuremap.job.source.IdxDirectory;
import dev.featuremap.job.source.ImageSource;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The images of a run before they are loaded: found, and checked against the configuration. */
final class TrainingInput {
  private final JobConfig config;
  private final RunPlan plan;
  private final IdxDirectory directory;

  private TrainingInput(JobConfig config, RunPlan plan, IdxDirectory directory) {
    this.config = config;
    this.plan = plan;
    this.directory = directory;
  }

  /** Finds the files and reads their headers, without a Spark job. */
  static TrainingInput open(JobConfig config, RunPlan plan, Configuration hadoop) {
    return new TrainingInput(config, plan, IdxDirectory.open(hadoop, config.data()));
  }

  /**
   * Checks that images fit the network, workers the images, and results the driver.
   *
   * @throws JobException naming both sides of what does not fit
   */
  void checkFits(SparkConf conf) {
    directory.train().requireShape(plan.network().network().input().shape());
    directory.test().requireShape(plan.network().network().input().shape());
    InputChecks.workers(plan.training(), directory.train().images());
    InputChecks.batchSize(plan);
    InputChecks.driver(plan, config.sync(), DriverRoom.of(conf));
  }

  /** Both sets, for people. */
  List<String> describe() {
    return List.of(directory.train().toString(), directory.test().toString());
  }

  /**
   * Loads the images into the executors' caches.
   *
   * @param earlier the state to resume from; the images must be the ones it has seen
   */
  TrainingData load(JavaSparkContext spark, SparkWorkers workers, Optional<RunState> earlier) {
    ShardedImages train = shards(spark, "training images", directory.train());
    ShardedImages test = shards(spark, "test images", directory.test());
    TrainingData data =
        new TrainingData(
            train,
            test,
            workers.load(train, "load training images"),
            workers.load(test, "load test images"));
    earlier.ifPresent(state -> checkSame(state, data));
    return data;
  }

  private ShardedImages shards(JavaSparkContext spark, String name, ImageSource source) {
    TrainingSpec training = plan.training();
    int shards = (int) Math.min(training.workers(), source.images());
    return ShardedImages.of(
        name,
        source.shape(),
        source.read(spark, plan.network().classes()),
        new ShardLayout(source.images(), shards, training.seed()));
  }

  private void checkSame(RunState earlier, TrainingData data) {
    checkSame("training", earlier.trainDigests(), data.trainDigests());
    checkSame("test", earlier.testDigests(), data.testDigests());
  }

  private void checkSame(String what, List<String> earlier, List<String> now) {
    if (!earlier.equals(now)) {
      throw new JobException(
          ExitCode.BAD_DATA,
          "Cannot resume run %s: the %s images in %s must be the ones it started with, got others. Restore them, or start a new run."
              .formatted(config.runId(), what, config.data()));
    }
  }
}
