package dev.featuremap.job.cluster;

import com.esotericsoftware.kryo.Kryo;
import dev.featuremap.data.FeatureShard;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.metric.LabelDecisions;
import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.metric.RankTally;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.JoinedSlice;
import dev.featuremap.train.Mistake;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.ScoredImages;
import dev.featuremap.train.ScoredPart;
import dev.featuremap.train.WireVector;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Registers what travels between driver and executors; nothing of it is ever stored. */
public final class FeaturemapKryoRegistrator implements KryoRegistrator {
  private static final List<Class<?>> OF_THE_MODEL =
      List.of(
          ImageChunk.class,
          WorkerResult.class,
          WorkerResult[].class,
          WorkTime.class,
          PackedResult.class,
          WireVector.class,
          JoinedSlice.class,
          Evaluation.class,
          Mistake.class,
          Mistake[].class,
          ConfusionMatrix.class,
          ScoredImages.class,
          ScoredPart.class,
          ProbabilityTally.class,
          LabelScores.class,
          RankTally.class,
          RankTally[].class,
          LabelDecisions.class,
          LabelSets.class,
          int[][].class,
          FeatureShard.class,
          float[][].class);

  /** By name, since these packages lie above this one and keep most of them to themselves. */
  private static final List<String> OF_THE_JOB =
      List.of(
          "images.source.BadRecord",
          "images.source.ImageContent$Encoded",
          "images.source.ImageContent$Plain",
          "images.source.PassedOver",
          "images.source.SourceMarks",
          "images.source.folder.FileEntry",
          "images.shard.BadRecords",
          "images.shard.RecordPiece",
          "images.shard.ShardChunk",
          "images.shard.ShardImage",
          "images.shard.ShardLoad",
          "images.shard.ShardRecord",
          "commands.pack.PackedRow");

  /** Spark reads the schema of a table's files by a job. */
  private static final List<DataType> OF_TABLES =
      List.of(
          DataTypes.BinaryType,
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.DateType,
          DataTypes.DoubleType,
          DataTypes.FloatType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.ShortType,
          DataTypes.TimestampType,
          DataTypes.TimestampNTZType,
          DataTypes.NullType,
          DataTypes.createDecimalType(),
          DataTypes.createArrayType(DataTypes.StringType),
          DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  @Override
  public void registerClasses(Kryo kryo) {
    OF_THE_MODEL.forEach(kryo::register);
    for (String name : OF_THE_JOB) {
      Class<?> type = named("dev.featuremap.job." + name);
      kryo.register(type);
      kryo.register(type.arrayType());
    }
    OF_TABLES.forEach(type -> kryo.register(type.getClass()));
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, FeaturemapKryoRegistrator.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("A class that travels has another name: " + name, e);
    }
  }
}
