package dev.featuremap.job.training.rounds;

import org.apache.spark.SparkConf;

/**
 * What a driver has room for, and the way that results take because of it: small ones come back to
 * the driver, which joins them; larger ones are joined on the executors, slice by slice.
 *
 * @param resultBytes what the results of one Spark job may take together
 * @param heapBytes what the driver's JVM may use
 */
public record DriverMemory(long resultBytes, long heapBytes) {
  /** Share of the room that the results of all workers may take. */
  private static final int SHARE = 4;

  /** What Spark adds to a task's result, with room to spare: a twentieth. */
  private static final int OVERHEAD_DIVISOR = 20;

  /** The room of this driver. */
  public static DriverMemory of(SparkConf conf) {
    long limit = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    // Spark takes 0 for no limit.
    return new DriverMemory(limit == 0 ? Long.MAX_VALUE : limit, Runtime.getRuntime().maxMemory());
  }

  /** True when the driver joins results of so many bytes itself. */
  boolean collects(long bytes) {
    return withOverhead(bytes) <= Math.min(resultBytes, heapBytes) / SHARE;
  }

  /** True when results of so many bytes pass Spark's limit. */
  boolean receives(long bytes) {
    return withOverhead(bytes) <= resultBytes;
  }

  static long withOverhead(long bytes) {
    return bytes + bytes / OVERHEAD_DIVISOR;
  }
}
