package dev.featuremap.job.images.shard;

import com.esotericsoftware.kryo.Kryo;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.folder.FileEntry;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Registers with Kryo what travels when images are read, shuffled and stored. */
public final class ShardKryo implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(ImageChunk.class);
    kryo.register(ShardChunk.class);
    kryo.register(RecordPiece.class);
    kryo.register(ShardRecord.class);
    kryo.register(ShardRecord[].class);
    kryo.register(BadRecords.class);
    kryo.register(BadRecord.class);
    kryo.register(BadRecord[].class);
    kryo.register(FileEntry.class);
    kryo.register(ShardLoad.class);
    kryo.register(ShardImage.class);
    // Spark reads the schema of a table's files by a job.
    for (DataType type :
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
            DataTypes.TimestampType)) {
      kryo.register(type.getClass());
    }
  }
}
