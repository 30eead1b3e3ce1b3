package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.images.source.ImageSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Test images that nothing is chosen by: found before the run, read once at its end.
 *
 * @param source where they are
 * @param plan makes shards of them
 * @param check refuses too many records that cannot be used
 */
record HeldOutImages(
    JavaSparkContext spark,
    ImageSource source,
    Supplier<ShardedImages> plan,
    Consumer<BadRecords> check) {

  /** How many there are, bad ones included. */
  long images() {
    return source.images();
  }

  /**
   * Reads them, looks at them, and lets go of them.
   *
   * @param loaded told which of them are left out
   */
  FullEvaluation evaluate(Consumer<BadRecords> loaded, Function<ShardedImages, FullEvaluation> by) {
    ShardedImages shards = plan.get();
    try {
      List<ShardLoad> loads = SparkJob.describe(spark, "load test images", shards::load);
      BadRecords bad = BadRecords.of(loads);
      check.accept(bad);
      InputChecks.noShardIsEmpty(loads, source.toString());
      loaded.accept(bad);
      return by.apply(shards);
    } finally {
      if (!spark.sc().isStopped()) {
        shards.release();
      }
    }
  }
}
