package dev.featuremap.job.shard;

import com.esotericsoftware.kryo.Kryo;
import dev.featuremap.data.ImageChunk;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers with Kryo what travels when images are read, shuffled and stored. */
public final class ShardKryo implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(ImageChunk.class);
  }
}
