package dev.featuremap.job.train;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.TrainingSpec;
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
    long state = stateBytes(plan, plan.training().optimizer().slots());
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
    int slots = sync.sharesGradients() ? 0 : plan.training().optimizer().slots();
    return stateBytes(plan, slots) * plan.training().workers();
  }

  private static long stateBytes(RunPlan plan, long slots) {
    long values = (1 + slots) * plan.network().parameters() + plan.network().buffers();
    return Float.BYTES * values;
  }

  private static long mebibytes(long bytes) {
    return ((bytes - 1) >> 20) + 1;
  }

  private static long withRoom(long bytes) {
    return mebibytes(bytes) * 5 / 4 + 1;
  }
}
