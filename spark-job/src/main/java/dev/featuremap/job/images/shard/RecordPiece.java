package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.job.cluster.RecordSerializer;
import dev.featuremap.job.images.source.BadRecord;
import java.io.Serializable;
import java.util.List;

/**
 * Some records of one worker on their way to it.
 *
 * @param records which may be images
 * @param bad records that are none, as far as this is known before decoding
 */
@DefaultSerializer(RecordSerializer.class)
record RecordPiece(ShardRecord[] records, BadRecord[] bad) implements Serializable {

  RecordPiece(List<ShardRecord> records, List<BadRecord> bad) {
    this(records.toArray(ShardRecord[]::new), bad.toArray(BadRecord[]::new));
  }
}
