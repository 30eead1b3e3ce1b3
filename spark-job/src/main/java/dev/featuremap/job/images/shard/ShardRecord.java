package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.job.cluster.RecordSerializer;
import dev.featuremap.job.images.source.ImageContent;
import java.io.Serializable;

/**
 * One labelled record on its way to its worker, with the content its source gave it.
 *
 * @param label its class
 * @param place where a person finds it
 */
@DefaultSerializer(RecordSerializer.class)
record ShardRecord(long id, int label, String place, ImageContent content)
    implements Serializable {}
