package dev.featuremap.job.cluster;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;

/** Says what to do where a task has no memory left. */
public final class TaskMemory {
  private TaskMemory() {}

  /**
   * Does the work of a task.
   *
   * @param doing what it is, for messages: {@code train worker 3}
   * @throws JobException where memory does not suffice; the error itself would make Spark end the
   *     executor, which in one process is the driver, before it could say so
   */
  public static <T> T explain(String doing, Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw new JobException(ExitCode.INTERNAL, message(doing, e));
    }
  }

  private static String message(String doing, OutOfMemoryError error) {
    String executor = SparkEnv.get().executorId();
    boolean alone = executor.equals("driver");
    return String.format(
        Locale.ROOT,
        "Cannot %s: %s has no memory left, got a heap of %,d MiB (%s). Raise %s, or let fewer workers work there at once by spark.task.cpus, or lower train.batch-size.",
        doing,
        alone ? "this process" : "executor " + executor,
        Runtime.getRuntime().maxMemory() >> 20,
        error.getMessage(),
        alone ? "spark.driver.memory" : "spark.executor.memory");
  }
}
