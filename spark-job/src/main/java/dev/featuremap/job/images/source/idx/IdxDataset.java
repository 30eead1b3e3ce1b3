package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.tensor.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The images and labels of one split in IDX files, the format of MNIST, Fashion-MNIST, KMNIST and
 * EMNIST; images {@code [n, rows, columns]} or {@code [n, channels, rows, columns]}.
 *
 * <p>Plain files are read by many tasks, a range of records each. Files whose names end in {@code
 * .gz} are read by one task from start to end in bounded memory, since gzip cannot be entered in
 * the middle. The record id of an image is its index in the file.
 */
public final class IdxDataset implements ImageSource {
  private final Configuration configuration;
  private final IdxFile images;
  private final IdxFile labels;

  private IdxDataset(Configuration configuration, IdxFile images, IdxFile labels) {
    this.configuration = configuration;
    this.images = images;
    this.labels = labels;
  }

  /**
   * Reads and checks the heads of both files, without Spark.
   *
   * @param configuration what reaches the file systems, on executors too
   * @throws JobException with {@code BAD_DATA} when a file is not what it should be or the two do
   *     not belong together, {@code MISSING_INPUT} when one cannot be opened
   */
  public static IdxDataset open(Configuration configuration, Path images, Path labels) {
    IdxFile imageFile = IdxFile.open(configuration, images, IdxKind.IMAGES);
    IdxFile labelFile = IdxFile.open(configuration, labels, IdxKind.LABELS);
    if (imageFile.header().records() != labelFile.header().records()) {
      throw JobException.badData(
          "Cannot join %s to %s: every image needs one label, got %d images and %d labels. %s"
              .formatted(
                  labelFile.path(),
                  imageFile.path(),
                  imageFile.header().records(),
                  labelFile.header().records(),
                  "Give the two files of one split."));
    }
    return new IdxDataset(configuration, imageFile, labelFile);
  }

  @Override
  public Optional<Shape> shape() {
    return Optional.of(images.header().shape());
  }

  @Override
  public long images() {
    return images.header().records();
  }

  @Override
  public LabelIndex labels() {
    return LabelIndex.numbers();
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    IdxRecords records = records();
    Broadcast<SerializableConfiguration> broadcast =
        spark.broadcast(new SerializableConfiguration(configuration));
    JavaRDD<SourceRecord> read =
        records.isSequential()
            ? spark
                .parallelize(List.of(0L), 1)
                .flatMap(start -> readToTheEnd(broadcast.value().value(), records))
            : readRanges(spark, broadcast, records);
    return read.filter(record -> wanted.takes(record.id()));
  }

  private static JavaRDD<SourceRecord> readRanges(
      JavaSparkContext spark, Broadcast<SerializableConfiguration> broadcast, IdxRecords records) {
    return spark
        .parallelize(records.starts(), records.tasks(spark.defaultParallelism()))
        .flatMap(
            start -> IdxRangeReader.read(broadcast.value().value(), records, records.range(start)));
  }

  private static Iterator<SourceRecord> readToTheEnd(
      Configuration configuration, IdxRecords records) {
    IdxSequentialReader reader = new IdxSequentialReader(configuration, records);
    TaskCompletionListener close = task -> reader.close();
    TaskContext.get().addTaskCompletionListener(close);
    return reader;
  }

  public IdxRecords records() {
    return new IdxRecords(
        images.path(),
        images.header().bytes(),
        labels.path(),
        labels.header().bytes(),
        images.header().shape().channels(),
        images.header().shape().height(),
        images.header().shape().width(),
        images());
  }

  @Override
  public String toString() {
    return "%d images of %s in %s".formatted(images(), images.header().shape(), images.path());
  }
}
