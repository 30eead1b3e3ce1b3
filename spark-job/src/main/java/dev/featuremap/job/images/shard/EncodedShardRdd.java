package dev.featuremap.job.images.shard;

import dev.featuremap.job.images.decode.ImageReading;
import java.util.List;
import java.util.UUID;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * One encoded shard a partition, from the files of the executor that a task runs on or, where it
 * has none, from the shuffle. Tasks are sent to where their shard was last.
 */
final class EncodedShardRdd extends RDD<EncodedShard> {
  private static final long serialVersionUID = 1L;

  private final String set = UUID.randomUUID().toString();
  private final ShardLayout layout;
  private final ImageReading reading;
  private final transient ShardHomes homes;

  EncodedShardRdd(RDD<RecordPiece> pieces, ShardLayout layout, ImageReading reading) {
    super(pieces, ClassTag$.MODULE$.apply(EncodedShard.class));
    this.layout = layout;
    this.reading = reading;
    this.homes = ShardHomes.of(this);
  }

  @Override
  public Iterator<EncodedShard> compute(Partition split, TaskContext context) {
    EncodedShard shard =
        LocalShards.shard(
            set,
            split.index(),
            file ->
                EncodedAssembly.assemble(
                    layout, split.index(), reading, pieces(split, context), file, context.cpus()));
    return CollectionConverters.asScala(List.of(shard).iterator());
  }

  private java.util.Iterator<RecordPiece> pieces(Partition split, TaskContext context) {
    return CollectionConverters.asJava(parent().iterator(split, context));
  }

  @SuppressWarnings("unchecked") // The constructor has no other.
  private RDD<RecordPiece> parent() {
    return (RDD<RecordPiece>) dependencies().head().rdd();
  }

  @Override
  public Partition[] getPartitions() {
    return parent().partitions();
  }

  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    return CollectionConverters.asScala(homes.of(split.index())).toSeq();
  }
}
