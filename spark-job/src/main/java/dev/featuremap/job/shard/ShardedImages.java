package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.job.source.IdFilter;
import dev.featuremap.job.source.ImageReading;
import dev.featuremap.job.source.ImageSource;
import dev.featuremap.job.source.ReadChunk;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/** The driver's handle on images that are shared among workers, one partition each. */
public final class ShardedImages {
  private final JavaRDD<ReadChunk> chunks;
  private final ShardLayout layout;
  private final Shape shape;

  private ShardedImages(JavaRDD<ReadChunk> chunks, ShardLayout layout, Shape shape) {
    this.chunks = chunks;
    this.layout = layout;
    this.shape = shape;
  }

  /**
   * Plans the shuffle that brings every record to its worker; it runs with the first action, and
   * its result stays in memory, or on disk where memory is short.
   *
   * @param name what the images are for, as Spark's storage page shows it
   * @param source the records of {@code layout}
   * @param reading what makes images of them
   */
  public static ShardedImages of(
      JavaSparkContext spark,
      String name,
      ImageSource source,
      ImageReading reading,
      ShardLayout layout) {
    JavaRDD<ReadChunk> chunks =
        source
            .read(spark, IdFilter.ALL)
            .mapPartitions(reading)
            .flatMapToPair(chunk -> ShardPieces.of(chunk, layout))
            .partitionBy(new WorkerPartitioner(layout.workers()))
            .values()
            .mapPartitionsWithIndex(
                (worker, pieces) -> ShardAssembly.assemble(layout, worker, pieces).iterator(), true)
            .setName("%s, %d shards".formatted(name, layout.workers()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new ShardedImages(chunks, layout, reading.shape());
  }

  /** The shard of a task, from its partition's iterator; chunks are shared, not copied. */
  public static Shard shard(Iterator<ImageChunk> partition) {
    List<ImageChunk> chunks = new ArrayList<>();
    partition.forEachRemaining(chunks::add);
    return new Shard(chunks);
  }

  /** Partition {@code w} holds the chunks of worker {@code w}'s shard, in order. */
  public JavaRDD<ImageChunk> chunks() {
    return chunks.map(ReadChunk::images);
  }

  /** How many workers share the images. */
  public int workers() {
    return layout.workers();
  }

  /** How many records all workers have together, bad ones among them. */
  public long records() {
    return layout.images();
  }

  /** The shape of each image. */
  public Shape shape() {
    return shape;
  }

  /** Loads all shards into the cache by a Spark job, and tells of each, in worker order. */
  public List<ShardLoad> load() {
    return chunks.mapPartitions(ShardedImages::load).collect();
  }

  private static Iterator<ShardLoad> load(Iterator<ReadChunk> partition) {
    List<ImageChunk> images = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    partition.forEachRemaining(
        chunk -> {
          images.add(chunk.images());
          bad.addAll(List.of(chunk.bad()));
        });
    return List.of(ShardLoad.of(new Shard(images), bad.toArray(BadRecord[]::new))).iterator();
  }
}
