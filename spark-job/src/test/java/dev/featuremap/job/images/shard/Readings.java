package dev.featuremap.job.images.shard;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Resize;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.ImageSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** Sources read as they are, for tests. */
public final class Readings {
  private Readings() {}

  /** How a source is read whose images have one shape. */
  public static ImageReading of(ImageSource source, int classes) {
    ImageFit fit = new ImageFit(source.shape().orElseThrow(), Resize.NONE);
    return new ImageReading(fit, source.labels(), classes, 1 << 20);
  }

  /** Its shards, decoded in memory. */
  public static ShardedImages shards(
      JavaSparkContext spark, ImageSource source, int classes, ShardLayout layout) {
    return shards(spark, source, classes, layout, ShardStorage.PIXELS);
  }

  /** Its shards, kept like that. */
  public static ShardedImages shards(
      JavaSparkContext spark,
      ImageSource source,
      int classes,
      ShardLayout layout,
      ShardStorage keep) {
    return ShardedImages.of(spark, "test images", source, of(source, classes), layout, keep);
  }

  /** All images of a shard, in the order of their positions. */
  public static List<ImageView> images(Shard shard) {
    List<ImageView> images = new ArrayList<>();
    try (ImagePass pass = shard.pass(EpochOrder.sequential(), 0, shard.size())) {
      for (int place = 0; place < shard.size(); place++) {
        ImageView view = new ImageView();
        pass.advance(place, 1);
        pass.find(place, view);
        images.add(view);
      }
    }
    return images;
  }
}
