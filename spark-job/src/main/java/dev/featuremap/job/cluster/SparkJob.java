package dev.featuremap.job.cluster;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkFailure;
import java.io.Serializable;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.runtime.BoxedUnit;

/** Runs Spark's jobs under a description, and explains why one failed as far as that is known. */
public final class SparkJob {
  private static final String DESCRIPTION = "spark.job.description";

  private static volatile String doing = "";

  private SparkJob() {}

  /** What the command of this process does now, as Spark's pages show it; empty between jobs. */
  public static String doing() {
    return doing;
  }

  /**
   * Runs {@code action}; Spark's pages show its jobs as {@code description}.
   *
   * @throws JobException what a task had to say, that Spark was stopped, or what {@link
   *     SparkFailure} knows of the failure
   */
  public static <T> T describe(JavaSparkContext spark, String description, Supplier<T> action) {
    String before = spark.getLocalProperty(DESCRIPTION);
    spark.setJobDescription(description);
    doing = description;
    try {
      return action.get();
    } catch (Throwable e) {
      // Not only unchecked ones: Spark's own exception is checked, and no signature declares it.
      TaskFailure.find(e).ifPresent(SparkJob::rethrow);
      if (spark.sc().isStopped()) {
        throw stopped(description, e);
      }
      SparkFailure.explain(e).ifPresent(SparkJob::rethrow);
      throw e;
    } finally {
      doing = "";
      spark.setJobDescription(before);
    }
  }

  /**
   * Hands the one result of each partition to {@code consumer} as soon as its task is done, in the
   * order in which tasks are, one at a time. The driver then holds none that is consumed.
   */
  public static <T> void forEachResult(JavaRDD<T> results, Consumer<T> consumer) {
    Function1<Iterator<T>, T> only = (Function1<Iterator<T>, T> & Serializable) Iterator::next;
    Function2<Object, T, BoxedUnit> consume =
        (partition, result) -> {
          consumer.accept(result);
          return BoxedUnit.UNIT;
        };
    results.context().runJob(results.rdd(), only, consume, results.classTag());
  }

  /** True for what Spark throws when the driver has cancelled a job. */
  public static boolean wasCancelled(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(SparkException.class::isInstance)
        .map(Throwable::getMessage)
        .anyMatch(message -> message != null && message.contains("cancelled"));
  }

  private static void rethrow(JobException failure) {
    throw failure;
  }

  private static JobException stopped(String description, Throwable cause) {
    return new JobException(
        ExitCode.INTERNAL,
        "Cannot finish \"%s\": Spark was stopped, by a signal or by the cluster. A run that is started again under its run id goes on from its newest checkpoint."
            .formatted(description),
        cause);
  }
}
