package dev.featuremap.job.images.source.cifar;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.TaskFiles;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One set of CIFAR's binary files: records of one or two label bytes, the last of which counts, and
 * 3,072 bytes of red, green and blue rows. Records are numbered in the order of the files' names.
 */
record CifarDataset(List<Range> ranges, Path first, LabelIndex labels) implements ImageSource {
  private static final int CHANNELS = 3;
  private static final int SIDE = 32;
  private static final int RECORDS_OF_A_TASK = 2048;

  /**
   * Checks the lengths of the files.
   *
   * @param labelBytes before the pixels of each record
   */
  static CifarDataset open(DataFolder folder, List<Path> files, int labelBytes, LabelIndex labels) {
    List<Range> ranges = new ArrayList<>();
    long id = 0;
    for (Path file : files) {
      long records = records(folder.configuration(), file, labelBytes + pixels());
      for (long from = 0; from < records; from += RECORDS_OF_A_TASK) {
        int count = (int) Math.min(RECORDS_OF_A_TASK, records - from);
        ranges.add(new Range(file.toString(), labelBytes, from, count, id, labels.names()));
        id += count;
      }
    }
    return new CifarDataset(List.copyOf(ranges), files.get(0), labels);
  }

  private static long records(Configuration configuration, Path file, int recordBytes) {
    try {
      long length = FileSystems.of(file, configuration).getFileStatus(file).getLen();
      if (length == 0 || length % recordBytes != 0) {
        throw JobException.badData(
            String.format(
                Locale.ROOT,
                "Cannot read %s: a record has %d bytes, got %d, which is no multiple of them. It is truncated: fetch it again.",
                file,
                recordBytes,
                length));
      }
      return length / recordBytes;
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  private static int pixels() {
    return CHANNELS * SIDE * SIDE;
  }

  @Override
  public long images() {
    Range last = ranges.get(ranges.size() - 1);
    return last.id() + last.count();
  }

  @Override
  public Optional<Shape> shape() {
    return Optional.of(new Shape(CHANNELS, SIDE, SIDE));
  }

  @Override
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    List<Path> files = ranges.stream().map(Range::file).distinct().map(PathText::parse).toList();
    return Optional.of(SourceMarks.of(spark.hadoopConfiguration(), files));
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    TaskFiles hadoop = TaskFiles.of(spark);
    List<Range> all = ranges;
    return spark
        .parallelize(IntStream.range(0, all.size()).boxed().toList(), all.size())
        .flatMap(range -> all.get(range).read(hadoop.configuration()))
        .filter(record -> wanted.takes(record.id()));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d images of %s in %s",
        images(),
        new Shape(CHANNELS, SIDE, SIDE),
        first.getParent());
  }

  /** Neighbouring records of a file that one task reads; the first has the record id {@code id}. */
  record Range(String file, int labelBytes, long from, int count, long id, List<String> names)
      implements Serializable {

    Iterator<SourceRecord> read(Configuration configuration) {
      int recordBytes = labelBytes + pixels();
      byte[] bytes = new byte[count * recordBytes];
      Path path = PathText.parse(file);
      try (FSDataInputStream in = FileSystems.of(path, configuration).open(path)) {
        in.readFully(from * recordBytes, bytes);
      } catch (IOException e) {
        throw ReadFailure.of(path, e);
      }
      return IntStream.range(0, count).mapToObj(index -> record(bytes, index)).iterator();
    }

    private SourceRecord record(byte[] bytes, int index) {
      int at = index * (labelBytes + pixels());
      int label = bytes[at + labelBytes - 1] & 0xff;
      byte[] image = Arrays.copyOfRange(bytes, at + labelBytes, at + labelBytes + pixels());
      return new SourceRecord(
          id + index,
          file,
          label < names.size() ? names.get(label) : Integer.toString(label),
          new ImageContent.Plain(new Pixels(new Shape(CHANNELS, SIDE, SIDE), image)));
    }
  }
}
