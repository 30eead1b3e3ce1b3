package dev.featuremap.job.images.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.job.cluster.RecordSerializer;
import dev.featuremap.spec.Visible;
import java.io.Serializable;

/**
 * A record that is left out.
 *
 * @param place where a person finds it
 * @param reason in words, completing "it is left out: "
 */
@DefaultSerializer(RecordSerializer.class)
public record BadRecord(long id, String place, String reason) implements Serializable {

  @Override
  public String toString() {
    return Visible.of("record " + id + " in " + place + ": " + reason);
  }
}
