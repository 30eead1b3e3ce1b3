package dev.featuremap.job.cluster;

import dev.featuremap.job.failure.JobException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Spark for one command: a context that ends with it, or that of a notebook or another program,
 * which was there before and goes on after it. The calling thread starts the command's jobs.
 */
public final class JobContext implements AutoCloseable {
  private static final String LOCALITY = "spark.locality.wait";

  private final JavaSparkContext spark;
  private final Optional<String> tag;

  private JobContext(JavaSparkContext spark, Optional<String> tag) {
    this.spark = spark;
    this.tag = tag;
  }

  /** A context that the command has started, and that ends with it. */
  public static JobContext own(JavaSparkContext spark) {
    return new JobContext(spark, Optional.empty());
  }

  /**
   * A context that goes on; the command's jobs get a tag, so that they alone can be cancelled.
   *
   * @throws JobException with {@code USAGE} if its serializer refuses what the job sends
   */
  static JobContext shared(JavaSparkContext spark) {
    requireSerializer(spark.getConf());
    String tag = "featuremap-" + UUID.randomUUID();
    spark.addJobTag(tag);
    return new JobContext(spark, Optional.of(tag));
  }

  /** The context that runs in this process; empty where there is none. */
  public static Optional<SparkContext> running() {
    return SparkEnv.get() == null ? Optional.empty() : Optional.of(SparkContext.getOrCreate());
  }

  /** The context. */
  public JavaSparkContext spark() {
    return spark;
  }

  /** True when somebody else uses the context too, so that what it keeps must be given back. */
  public boolean isShared() {
    return tag.isPresent();
  }

  /** What the command would have set, and a running context can no longer be told. */
  public List<String> shortcomings() {
    return isShared() ? shortcomings(spark.getConf()) : List.of();
  }

  static List<String> shortcomings(SparkConf conf) {
    String wait = conf.get(LOCALITY, "3s");
    boolean apart = !conf.get("spark.master", "").matches("local(\\[.*])?");
    return apart && !wait.matches("0+[a-z]*")
        ? List.of(
            "this Spark session has %s = %s: after an executor is lost, its workers may share another one for the rest of the run. Sessions that are started with %s=0s do not wait"
                .formatted(LOCALITY, wait, LOCALITY))
        : List.of();
  }

  /** Cancels the jobs of this command that are running. */
  public void cancelJobs() {
    if (!spark.sc().isStopped()) {
      tag.ifPresentOrElse(spark::cancelJobsWithTag, spark::cancelAllJobs);
    }
  }

  private static void requireSerializer(SparkConf conf) {
    String registrators = conf.get("spark.kryo.registrator", "");
    String name = FeaturemapKryoRegistrator.class.getName();
    if (conf.getBoolean("spark.kryo.registrationRequired", false) && !registrators.contains(name)) {
      throw JobException.usage(
          "Cannot run in this Spark session: it has spark.kryo.registrationRequired = true and its spark.kryo.registrator does not name %s. Start the session with it."
              .formatted(name));
    }
  }

  /** Ends an own context; a shared one is as it was before. */
  @Override
  public void close() {
    if (tag.isEmpty()) {
      spark.close();
    } else if (!spark.sc().isStopped()) {
      spark.removeJobTag(tag.get());
    }
  }
}
