package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** The driver's handle on images that are shared among workers, one partition each. */
public final class ShardedImages {
  private final JavaRDD<ImageChunk> chunks;
  private final ShardLayout layout;
  private final Shape shape;

  private ShardedImages(JavaRDD<ImageChunk> chunks, ShardLayout layout, Shape shape) {
    this.chunks = chunks;
    this.layout = layout;
    this.shape = shape;
  }

  /**
   * Plans the shuffle that brings every record to its worker; it runs with the first action, and
   * its result stays in memory, or on disk where memory is short.
   *
   * @param name what the images are for, as Spark's storage page shows it
   * @param read each record of {@code layout} exactly once, in any order and grouping, such as
   *     {@code ImageSource.read} gives
   */
  public static ShardedImages of(
      String name, Shape shape, JavaRDD<ImageChunk> read, ShardLayout layout) {
    JavaRDD<ImageChunk> chunks =
        read.flatMapToPair(chunk -> ShardPieces.of(chunk, layout))
            .partitionBy(new WorkerPartitioner(layout.workers()))
            .values()
            .mapPartitionsWithIndex(
                (worker, pieces) -> ShardAssembly.assemble(layout, worker, pieces).iterator(), true)
            .setName("%s, %d shards".formatted(name, layout.workers()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new ShardedImages(chunks, layout, shape);
  }

  /** The shard of a task, from its partition's iterator; chunks are shared, not copied. */
  public static Shard shard(Iterator<ImageChunk> partition) {
    List<ImageChunk> chunks = new ArrayList<>();
    partition.forEachRemaining(chunks::add);
    return new Shard(chunks);
  }

  /** Partition {@code w} holds the chunks of worker {@code w}'s shard, in order. */
  public JavaRDD<ImageChunk> chunks() {
    return chunks;
  }

  /** How many workers share the images. */
  public int workers() {
    return layout.workers();
  }

  /** How many images all workers have together. */
  public long images() {
    return layout.images();
  }

  /** The shape of each image. */
  public Shape shape() {
    return shape;
  }

  /** How many images {@code worker} has. */
  public int sizeOf(int worker) {
    return layout.sizeOf(worker);
  }

  /** The digest of each worker's shard, in worker order, by a Spark job of its own. */
  public List<String> sha256() {
    return chunks
        .mapPartitions(partition -> List.of(shard(partition).sha256()).iterator())
        .collect();
  }
}
