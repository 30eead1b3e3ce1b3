package dev.featuremap.job.commands.predict;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers with Kryo what travels when images are predicted. */
public final class PredictKryo implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(long[].class);
  }
}
