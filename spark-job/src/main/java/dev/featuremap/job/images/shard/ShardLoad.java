package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.data.ClassCounts;
import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;

/**
 * What the driver learns of a shard when it is loaded.
 *
 * @param sha256 digest of the shard
 * @param images how many it has
 * @param bad records that are left out
 * @param diskBytes what it takes of a local disk, 0 for pixels in memory
 * @param decodeNanos what decoding took if it will be done again, summed over threads; else 0
 * @param classes images by class, up to the last class that has any
 */
@DefaultSerializer(RecordSerializer.class)
public record ShardLoad(
    String sha256, int images, BadRecords bad, long diskBytes, long decodeNanos, int[] classes)
    implements Serializable {

  /** What is known of a shard in memory. */
  public static ShardLoad of(Shard shard, BadRecords bad) {
    return new ShardLoad(shard.sha256(), shard.size(), bad, 0, 0, ClassCounts.of(shard));
  }
}
