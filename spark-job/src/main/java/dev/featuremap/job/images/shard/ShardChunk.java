package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;

/**
 * Some thousand images of a shard as Spark caches them.
 *
 * @param bad what the whole shard leaves out, in its first chunk
 */
@DefaultSerializer(RecordSerializer.class)
record ShardChunk(ImageChunk images, BadRecords bad) implements Serializable {}
