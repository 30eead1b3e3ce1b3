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
 * @param fault why it cannot be read; null if it can
 * @param passed how it is named among what is no image; null if it is one
 */
@DefaultSerializer(RecordSerializer.class)
record FileEntry(String label, long length, String mark, String fault, String passed)
    implements Serializable {}
