package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.TaskFiles;
import dev.featuremap.tensor.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The images and labels of one split in IDX files, the format of MNIST, Fashion-MNIST, KMNIST and
 * EMNIST; images {@code [n, rows, columns]} or {@code [n, channels, rows, columns]}.
 *
 * <p>Plain files are read by many tasks, a range of records each. Files whose names end in {@code
 * .gz} are read by one task from start to end in bounded memory, since gzip cannot be entered in
 * the middle. The record id of an image is its index in the file.
 *
 * @param records how tasks read them
 */
public record IdxDataset(IdxRecords records) implements ImageSource {

  /**
   * Reads and checks the heads of both files, without Spark.
   *
   * @throws JobException with {@code BAD_DATA} when a file is not what it should be or the two do
   *     not belong together, {@code MISSING_INPUT} when one cannot be opened
   */
  public static IdxDataset open(Configuration configuration, Path images, Path labels) {
    IdxFile imageFile = IdxFile.open(configuration, images, IdxFile.Kind.IMAGES);
    IdxFile.Kind kind =
        IdxNames.isExtended(labels.getName()) ? IdxFile.Kind.EXTENDED : IdxFile.Kind.LABELS;
    IdxFile labelFile = IdxFile.open(configuration, labels, kind);
    Shape shape = imageFile.shape();
    boolean transposed = IdxNames.isTransposed(images.getName());
    if (transposed && shape.height() != shape.width()) {
      throw IdxFile.failure(
          "Cannot read %s: by its name it is of EMNIST, whose images are square and stored transposed, got %s. Give the file another name.",
          imageFile.path(), shape);
    }
    if (imageFile.records() != labelFile.records()) {
      throw IdxFile.failure(
          "Cannot join %s to %s: every image needs one label, got %d images and %d labels. Give the"
              + " two files of one split.",
          labelFile.path(), imageFile.path(), imageFile.records(), labelFile.records());
    }
    return new IdxDataset(new IdxRecords(imageFile, labelFile, transposed));
  }

  @Override
  public Optional<Shape> shape() {
    return Optional.of(records.images().shape());
  }

  @Override
  public long images() {
    return records.images().records();
  }

  @Override
  public LabelIndex labels() {
    return LabelIndex.numbers();
  }

  @Override
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    List<Path> files = List.of(records.images().path(), records.labels().path());
    return Optional.of(SourceMarks.of(spark.hadoopConfiguration(), files));
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    IdxRecords all = records;
    TaskFiles hadoop = TaskFiles.of(spark);
    JavaRDD<SourceRecord> read =
        all.isSequential()
            ? spark.parallelize(List.of(0L), 1).flatMap(start -> readToTheEnd(hadoop, all))
            : spark
                .parallelize(all.starts(), all.tasks(spark.defaultParallelism()))
                .flatMap(start -> all.range(hadoop.configuration(), start));
    return read.filter(record -> wanted.takes(record.id()));
  }

  private static Iterator<SourceRecord> readToTheEnd(TaskFiles hadoop, IdxRecords records) {
    IdxRecords.Sequence sequence = records.sequence(hadoop.configuration());
    TaskCompletionListener close = task -> sequence.close();
    TaskContext.get().addTaskCompletionListener(close);
    return sequence;
  }

  @Override
  public String toString() {
    return images() + " images of " + records.images().shape() + " in " + records.images().path();
  }
}
