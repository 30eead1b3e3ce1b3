package dev.featuremap.job.train;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.shard.ShardLoad;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import org.apache.spark.SparkConf;

/** What must hold between data, workers and driver before any work starts. */
final class InputChecks {
  /** What Spark adds to a task's result, with room to spare: a twentieth. */
  private static final int OVERHEAD_DIVISOR = 20;

  /**
   * States that a driver holds in a round besides the workers' results: the one it started from,
   * the next, the sums in double (two), and the broadcast as an object and serialized.
   */
  private static final int STATES_OF_DRIVER = 6;

  private InputChecks() {}

  static void workers(TrainingSpec training, long images) {
    if ((long) training.workers() * training.batchSize() > images) {
      throw new JobException(
          ExitCode.USAGE,
          "Cannot train with train.workers = %d and train.batch-size = %d: one step takes %,d images, got %,d. Lower one of the two."
              .formatted(
                  training.workers(),
                  training.batchSize(),
                  (long) training.workers() * training.batchSize(),
                  images));
    }
  }

  /** Every shard must hold an image when bad records are left out. */
  static void noShardIsEmpty(List<ShardLoad> shards, String images) {
    for (int worker = 0; worker < shards.size(); worker++) {
      if (shards.get(worker).images() == 0) {
        throw JobException.badData(
            "Cannot share %s among %d workers: each needs at least one, got none but bad records for worker %d. Lower train.workers, or mend the data."
                .formatted(images, shards.size(), worker));
      }
    }
  }

  /** What a layer keeps of a mini-batch must fit one array. */
  static void batchSize(RunPlan plan) {
    int largest = plan.network().largestBatch();
    if (plan.training().batchSize() > largest) {
      throw new JobException(
          ExitCode.USAGE,
          "Cannot train with train.batch-size = %d: a fully connected layer of this network can keep %,d images. Lower train.batch-size, or raise train.workers with sync.every = \"1 step\"."
              .formatted(plan.training().batchSize(), largest));
    }
  }

  /** Results come back to the driver at once, so all of them must pass Spark's limit together. */
  static void resultSize(RunPlan plan, SyncRule sync, SparkConf conf) {
    long limit = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    long results = resultBytes(plan, sync);
    long bytes = results + results / OVERHEAD_DIVISOR;
    if (limit > 0 && bytes > limit) {
      throw new JobException(
          ExitCode.USAGE,
          "Cannot average %d workers: their %s take %,d MiB together, spark.driver.maxResultSize allows %,d MiB. Submit with --conf spark.driver.maxResultSize=%dm and driver memory to match, or lower train.workers."
              .formatted(
                  plan.training().workers(),
                  sync.sharesGradients() ? "gradients" : "states",
                  mebibytes(bytes),
                  limit >> 20,
                  withRoom(bytes)));
    }
  }

  /**
   * The driver must hold the results of all workers while it joins them.
   *
   * @param heap bytes that the driver's JVM may use
   */
  static void driverMemory(RunPlan plan, SyncRule sync, long heap) {
    long slots = plan.training().optimizer().slots();
    long state = (1 + slots) * parameterBytes(plan);
    long bytes = resultBytes(plan, sync) + STATES_OF_DRIVER * state;
    if (bytes > heap) {
      throw new JobException(
          ExitCode.USAGE,
          "Cannot average %d workers: a round takes %,d MiB of the driver's memory, got a heap of %,d MiB. Submit with --conf spark.driver.memory=%dm, or lower train.workers."
              .formatted(plan.training().workers(), mebibytes(bytes), heap >> 20, withRoom(bytes)));
    }
  }

  /** What all workers return from a round: their states, or the gradients of one step. */
  private static long resultBytes(RunPlan plan, SyncRule sync) {
    long slots = sync.sharesGradients() ? 0 : plan.training().optimizer().slots();
    return (1 + slots) * parameterBytes(plan) * plan.training().workers();
  }

  private static long parameterBytes(RunPlan plan) {
    return (long) Float.BYTES * plan.network().parameters();
  }

  private static long mebibytes(long bytes) {
    return ((bytes - 1) >> 20) + 1;
  }

  private static long withRoom(long bytes) {
    return mebibytes(bytes) * 5 / 4 + 1;
  }
}
