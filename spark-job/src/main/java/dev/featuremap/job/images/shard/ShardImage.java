package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.data.ImageView;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;
import java.util.Arrays;

/**
 * One image of a shard on its way to the driver.
 *
 * @param record its record id
 * @param label its class
 * @param pixels {@code [channel, row, column]}, unsigned bytes; live
 */
@DefaultSerializer(RecordSerializer.class)
public record ShardImage(long record, int label, byte[] pixels) implements Serializable {

  static ShardImage of(ImageView view, int imageBytes) {
    int from = view.offset();
    byte[] pixels = Arrays.copyOfRange(view.pixels(), from, from + imageBytes);
    return new ShardImage(view.record(), view.label(), pixels);
  }
}
