package dev.featuremap.job.commands.pack;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers with Kryo what travels when images are packed. */
public final class PackKryo implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(PackedRow.class);
  }
}
