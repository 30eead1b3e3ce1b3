package dev.featuremap.job.shard;

import dev.featuremap.job.image.ImageFit;
import dev.featuremap.job.image.Resize;
import dev.featuremap.job.source.ImageReading;
import dev.featuremap.job.source.ImageSource;
import org.apache.spark.api.java.JavaSparkContext;

/** Sources read as they are, for tests. */
public final class Readings {
  private Readings() {}

  /** The shards of a source whose images have one shape. */
  public static ShardedImages shards(
      JavaSparkContext spark, ImageSource source, int classes, ShardLayout layout) {
    ImageReading reading =
        new ImageReading(
            new ImageFit(source.shape().orElseThrow(), Resize.NONE),
            source.labels(),
            classes,
            1 << 20);
    return ShardedImages.of(spark, "test images", source, reading, layout);
  }
}
