package dev.featuremap.job.images.shard;

import dev.featuremap.data.Shard;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.tensor.LabelSets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/** Shards of encoded images on the local disks of executors. */
final class EncodedShards implements ShardedImages {
  private final JavaRDD<EncodedShard> shards;
  private final ShardLayout layout;
  private final Optional<LabelSets> labelSets;

  EncodedShards(JavaRDD<RecordPiece> pieces, ShardLayout layout, ImageReading reading) {
    this.layout = layout;
    this.labelSets = reading.labelSets();
    this.shards = new EncodedShardRdd(pieces.rdd(), layout, reading).toJavaRDD();
  }

  @Override
  public JavaRDD<Shard> shards() {
    return shards.map(shard -> shard);
  }

  @Override
  public List<ShardLoad> load() {
    return shards.map(EncodedShard::load).collect();
  }

  /** Files without names go with their process, or with the context. */
  @Override
  public void release() {}

  @Override
  public Optional<LabelSets> labelSets() {
    return labelSets;
  }

  @Override
  public ShardLayout layout() {
    return layout;
  }
}
