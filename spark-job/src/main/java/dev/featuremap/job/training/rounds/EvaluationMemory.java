package dev.featuremap.job.training.rounds;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.metric.ConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The memory for counting which class was taken for which. A part of a set counts the pairs that
 * occur, so it takes what its images need at most, and never more than a table of all pairs.
 *
 * @param driver where parts are added up
 * @param executor where each part is counted
 */
record EvaluationMemory(DriverMemory driver, ExecutorMemory executor) {

  static EvaluationMemory of(JavaSparkContext spark) {
    return new EvaluationMemory(DriverMemory.of(spark.getConf()), ExecutorMemory.of(spark));
  }

  /**
   * Checks that the counts fit into executors and the driver.
   *
   * @throws JobException with {@code USAGE} naming the setting to raise
   */
  void requireFits(int classes, ShardLayout layout) {
    long part = ConfusionMatrix.mostBytes(classes, layout.sizeOf(0));
    long tasks = Math.min(layout.workers(), executor.tasks());
    if (tasks * part > executor.heapBytes()) {
      throw tooLarge(
          classes, layout, "an executor's", tasks * part, executor.heapBytes(), executor.setting());
    }
    long whole = ConfusionMatrix.mostBytes(classes, layout.images()) + part;
    if (whole > driver.heapBytes()) {
      throw tooLarge(
          classes, layout, "the driver's", whole, driver.heapBytes(), "spark.driver.memory");
    }
    if (!driver.receives(part)) {
      throw tooLarge(
          classes,
          layout,
          "a result's",
          DriverMemory.withOverhead(part),
          driver.resultBytes(),
          "spark.driver.maxResultSize");
    }
  }

  /** Consecutive shards whose results the driver has room for at once, at least one in each. */
  List<int[]> groups(int classes, ShardLayout layout) {
    List<int[]> groups = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int shard = 0; shard < layout.workers(); shard++) {
      long part = ConfusionMatrix.mostBytes(classes, layout.sizeOf(shard));
      if (shard > from && !driver.collects(bytes + part)) {
        groups.add(IntStream.range(from, shard).toArray());
        from = shard;
        bytes = 0;
      }
      bytes += part;
    }
    groups.add(IntStream.range(from, layout.workers()).toArray());
    return groups;
  }

  private static JobException tooLarge(
      int classes, ShardLayout layout, String whose, long bytes, long room, String setting) {
    return new JobException(
        ExitCode.USAGE,
        String.format(
            Locale.ROOT,
            "Cannot evaluate %,d images of %,d classes in %,d parts: counting which class was taken for which can take %,d MiB of %s memory, got %,d MiB. Raise %s, or use fewer test images.",
            layout.images(),
            classes,
            layout.workers(),
            ((bytes - 1) >> 20) + 1,
            whose,
            room >> 20,
            setting));
  }
}
