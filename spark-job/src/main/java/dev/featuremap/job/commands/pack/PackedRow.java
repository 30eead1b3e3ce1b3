package dev.featuremap.job.commands.pack;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;

/**
 * A record on its way to its file.
 *
 * @param label the class; -1 if there is none
 * @param image an encoded file; null if there is none. Live
 * @param fault why training will leave the record out; null if it will not
 */
@DefaultSerializer(RecordSerializer.class)
record PackedRow(long id, String path, int label, byte[] image, String fault)
    implements Serializable {}
