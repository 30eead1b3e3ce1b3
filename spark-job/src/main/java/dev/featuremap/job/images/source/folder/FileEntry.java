package dev.featuremap.job.images.source.folder;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;

/**
 * A file of a folder of images, as it is sorted in a shuffle.
 *
 * @param label the name of its class
 * @param length its bytes
 * @param mark by which its content is told from another
 */
@DefaultSerializer(RecordSerializer.class)
record FileEntry(String label, long length, String mark) implements Serializable {}
