package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
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
 */
@DefaultSerializer(RecordSerializer.class)
public record ShardLoad(String sha256, int images, BadRecords bad, long diskBytes, long decodeNanos)
    implements Serializable {}
