package dev.featuremap.job.images.shard;

import dev.featuremap.data.Shard;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.tensor.LabelSets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The driver's handle on images that are shared among workers. Nothing is read before the first
 * action; whatever is lost then, Spark makes again.
 */
public interface ShardedImages {

  /**
   * Plans the shuffle that brings every record to its worker.
   *
   * @param name what the images are for, as Spark's storage page shows it
   * @param source the records of {@code layout}
   * @param reading what makes images of them
   * @param keep how executors keep them; decides nothing but memory and time
   */
  static ShardedImages of(
      JavaSparkContext spark,
      String name,
      ImageSource source,
      ImageReading reading,
      ShardLayout layout,
      ShardStorage keep) {
    ImageReading own = reading.of(source);
    JavaRDD<RecordPiece> pieces =
        source
            .read(spark, IdFilter.ALL)
            .mapPartitionsToPair(new ShardPieces(layout, own))
            .partitionBy(new WorkerPartitioner(layout.workers()))
            .values();
    return switch (keep) {
      case PIXELS -> new PixelShards(pieces, name, layout, own);
      case ENCODED -> new EncodedShards(pieces, layout, own);
    };
  }

  /** Partition {@code w} is the shard of worker {@code w}. */
  JavaRDD<Shard> shards();

  /** Loads all shards by a Spark job, and tells of each, in worker order. */
  List<ShardLoad> load();

  /** Lets go of what executors hold, as far as Spark does not do it at its end. */
  void release();

  /** The sets of labels that labels are numbers of; empty where each image has one label. */
  default Optional<LabelSets> labelSets() {
    return Optional.empty();
  }

  /** Which records there are, bad ones among them, and which worker has which. */
  ShardLayout layout();
}
