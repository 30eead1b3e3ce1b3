package dev.featuremap.job.train;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.train.TrainingSpec;
import org.apache.spark.SparkConf;

/** What must hold between data, workers and driver before any work starts. */
final class InputChecks {
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

  /** Results come back to the driver at once, so all of them must pass Spark's limit together. */
  static void resultSize(RunPlan plan, SparkConf conf) {
    long limit = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    long slots = plan.training().optimizer().slots();
    long bytes =
        (1 + slots) * Float.BYTES * plan.network().parameters() * plan.training().workers();
    if (limit > 0 && bytes > limit) {
      long mebibytes = ((bytes - 1) >> 20) + 1;
      throw new JobException(
          ExitCode.USAGE,
          "Cannot average %d workers: their states take %,d MiB together, spark.driver.maxResultSize allows %,d MiB. Submit with --conf spark.driver.maxResultSize=%dm and driver memory to match, or lower train.workers."
              .formatted(plan.training().workers(), mebibytes, limit >> 20, mebibytes * 5 / 4 + 1));
    }
  }
}
