package dev.featuremap.job.cluster;

import dev.featuremap.job.shard.TaskFailure;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** Runs Spark's jobs under a description, and finds in a failed one what its task had to say. */
public final class SparkJob {
  private SparkJob() {}

  /** Runs {@code action}; Spark's pages show its jobs as {@code description}. */
  public static <T> T describe(JavaSparkContext spark, String description, Supplier<T> action) {
    spark.setJobDescription(description);
    try {
      return action.get();
    } catch (RuntimeException e) {
      throw TaskFailure.find(e).map(RuntimeException.class::cast).orElse(e);
    } finally {
      spark.setJobDescription(null);
    }
  }
}
