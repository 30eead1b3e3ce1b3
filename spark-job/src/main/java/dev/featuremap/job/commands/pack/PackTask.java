package dev.featuremap.job.commands.pack;

import dev.featuremap.job.commands.output.ParquetDirectory;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Writes the file of one partition, whose rows come in their order.
 *
 * @param names of the files, by partition
 * @param metadata of each file
 */
record PackTask(
    ParquetDirectory files,
    List<String> names,
    Map<String, String> metadata,
    Broadcast<SerializableConfiguration> hadoop)
    implements Function2<Integer, Iterator<Tuple2<Long, PackedRow>>, Iterator<String>> {

  @Override
  public Iterator<String> call(Integer partition, Iterator<Tuple2<Long, PackedRow>> rows) {
    String name = names.get(partition);
    Iterable<Tuple2<Long, PackedRow>> all = () -> rows;
    files.write(
        hadoop.value().value(),
        name,
        TaskContext.get().taskAttemptId(),
        new PackedWriteSupport(metadata),
        StreamSupport.stream(all.spliterator(), false).map(Tuple2::_2).iterator(),
        // Another start writes the same rows under the same name.
        () -> {});
    return List.of(name).iterator();
  }
}
