package dev.featuremap.job.cluster;

import com.esotericsoftware.kryo.Kryo;
import dev.featuremap.job.images.shard.ShardKryo;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.JoinedSlice;
import dev.featuremap.train.Mistake;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.WireVector;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers what travels between driver and executors; nothing of it is ever stored. */
public final class FeaturemapKryoRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    new ShardKryo().registerClasses(kryo);
    kryo.register(WorkerResult.class);
    kryo.register(WorkerResult[].class);
    kryo.register(WorkTime.class);
    kryo.register(PackedResult.class);
    kryo.register(WireVector.class);
    kryo.register(JoinedSlice.class);
    kryo.register(Evaluation.class);
    kryo.register(Mistake.class);
    kryo.register(Mistake[].class);
    kryo.register(ConfusionMatrix.class);
  }
}
