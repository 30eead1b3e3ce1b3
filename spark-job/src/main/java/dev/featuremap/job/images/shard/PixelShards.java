package dev.featuremap.job.images.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.tensor.LabelSets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** Shards of decoded images, which Spark caches in memory, or on disk where memory is short. */
final class PixelShards implements ShardedImages {
  private final JavaRDD<ShardChunk> chunks;
  private final ShardLayout layout;
  private final Optional<LabelSets> labelSets;

  PixelShards(JavaRDD<RecordPiece> pieces, String name, ShardLayout layout, ImageReading reading) {
    this.layout = layout;
    this.labelSets = reading.labelSets();
    this.chunks =
        pieces
            .mapPartitionsWithIndex(
                (worker, records) ->
                    PixelAssembly.assemble(layout, worker, reading, records).iterator(),
                true)
            .setName(String.format(Locale.ROOT, "%s, %d shards", name, layout.workers()))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public JavaRDD<Shard> shards() {
    return chunks.mapPartitions(partition -> List.of(shard(partition)).iterator());
  }

  /** Chunks are shared with the cache, not copied. */
  private static Shard shard(Iterator<ShardChunk> partition) {
    List<ImageChunk> images = new ArrayList<>();
    partition.forEachRemaining(chunk -> images.add(chunk.images()));
    return new MemoryShard(images);
  }

  @Override
  public List<ShardLoad> load() {
    return chunks
        .mapPartitions(
            partition -> {
              ShardChunk first = partition.next();
              List<ImageChunk> images = new ArrayList<>(List.of(first.images()));
              partition.forEachRemaining(chunk -> images.add(chunk.images()));
              return List.of(ShardLoad.of(new MemoryShard(images), first.bad())).iterator();
            })
        .collect();
  }

  @Override
  public void release() {
    chunks.unpersist(false);
  }

  @Override
  public Optional<LabelSets> labelSets() {
    return labelSets;
  }

  @Override
  public ShardLayout layout() {
    return layout;
  }
}
