package dev.featuremap.job.images.source.tfrecord;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ExplicitIds;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.PassedOver;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.TaskFiles;
import dev.featuremap.job.path.PathText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * TFRecord files, each read by one task from start to end. Records are numbered in the order of the
 * files' names and of the records in them, or by a feature. A pass over all files counts them
 * first.
 */
public final class TfRecordSource implements ImageSource {
  private static final Pattern NAME =
      Pattern.compile(".*\\.(tfrecords?|tfrec)(\\.gz)?(-\\d+-of-\\d+)?(\\.gz)?|[^.]*-\\d+-of-\\d+");

  private final List<Path> folders;
  private final TaskFiles hadoop;
  private final int maxBytes;
  private final List<Shard> shards;
  private final LabelIndex labels;
  private final long images;
  private final PassedOver passedOver;

  private TfRecordSource(ImageSet set, List<Path> files, PassedOver passedOver) {
    JavaSparkContext spark = set.spark();
    DataSettings settings = set.settings();
    this.passedOver = passedOver;
    this.folders = set.paths();
    this.hadoop = TaskFiles.of(spark);
    this.maxBytes = settings.maxBytes();
    TfFeatures features = TfFeatures.of(settings);
    List<Shard> unnumbered =
        files.stream().map(file -> new Shard(file.toString(), 0, features)).toList();
    TaskFiles shared = hadoop;
    int most = maxBytes;
    List<Tuple2<Long, String[]>> counts =
        spark
            .parallelize(indexes(files.size()), files.size())
            .map(shard -> unnumbered.get(shard).count(shared.configuration(), most))
            .collect();
    TreeSet<String> found = new TreeSet<>();
    List<Shard> numbered = new ArrayList<>();
    long first = 0;
    for (int shard = 0; shard < files.size(); shard++) {
      numbered.add(new Shard(files.get(shard).toString(), first, features));
      first += counts.get(shard)._1();
      found.addAll(List.of(counts.get(shard)._2()));
    }
    this.shards = List.copyOf(numbered);
    this.labels = LabelIndex.of(found);
    this.images = first;
  }

  /** True for files that are named as TensorFlow and its data sets name them. */
  public static boolean isFile(FileStatus status, DataSettings settings) {
    return status.isFile() && isFile(status.getPath());
  }

  private static boolean isFile(Path path) {
    return NAME.matcher(path.getName()).matches();
  }

  /**
   * Counts the records of one set.
   *
   * @param set TFRecord files, or folders of them
   * @throws JobException with {@code MISSING_INPUT} when there are no records, {@code BAD_DATA}
   *     when a file is damaged
   */
  public static TfRecordSource open(ImageSet set) {
    List<Path> paths = set.paths();
    List<Path> found =
        paths.stream()
            .flatMap(path -> set.folder().children(path).stream())
            .map(FileStatus::getPath)
            .toList();
    List<Path> files = found.stream().filter(TfRecordSource::isFile).toList();
    set.folder().requireReadable(files, paths);
    if (files.isEmpty()) {
      throw JobException.missingInput(
          "Cannot find images in %s: expected TFRecord files, got none.".formatted(paths.get(0)),
          null);
    }
    PassedOver others =
        PassedOver.of(found.stream().filter(path -> !isFile(path)).map(Path::getName).toList());
    TfRecordSource source = new TfRecordSource(set, files, others);
    if (source.images == 0) {
      throw JobException.missingInput(
          String.format(
              Locale.ROOT,
              "Cannot find images in %s: its %d TFRecord files hold no record.",
              paths.get(0),
              files.size()),
          null);
    }
    if (set.settings().ids() == Ids.EXPLICIT) {
      ExplicitIds.check(
          source.read(set.spark(), id -> false, true).map(SourceRecord::id),
          source.images,
          source.toString());
    }
    return source;
  }

  @Override
  public long images() {
    return images;
  }

  @Override
  public LabelIndex labels() {
    return labels;
  }

  @Override
  public PassedOver passedOver() {
    return passedOver;
  }

  @Override
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    List<Path> files = shards.stream().map(shard -> PathText.parse(shard.file())).toList();
    return Optional.of(SourceMarks.of(spark.hadoopConfiguration(), files));
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    return read(spark, wanted, false);
  }

  private JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted, boolean all) {
    TaskFiles shared = hadoop;
    int most = maxBytes;
    List<Shard> files = shards;
    return spark
        .parallelize(indexes(files.size()), files.size())
        .flatMap(shard -> files.get(shard).records(shared.configuration(), wanted, most))
        .filter(record -> all || wanted.takes(record.id()));
  }

  private static List<Integer> indexes(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d images in %s", images, DataFolder.places(folders));
  }

  /**
   * One file.
   *
   * @param first record id of its first record, unless records bring theirs
   */
  private record Shard(String file, long first, TfFeatures features) implements Serializable {

    Iterator<SourceRecord> records(Configuration configuration, IdFilter wanted, int maxBytes) {
      TfRecordFile records =
          new TfRecordFile(configuration, PathText.parse(file), features, first, wanted, maxBytes);
      TaskCompletionListener close = task -> records.close();
      TaskContext.get().addTaskCompletionListener(close);
      return records;
    }

    /** How many records there are, and their labels. */
    Tuple2<Long, String[]> count(Configuration configuration, int maxBytes) {
      Iterator<SourceRecord> records = records(configuration, id -> false, maxBytes);
      TreeSet<String> labels = new TreeSet<>();
      long count = 0;
      while (records.hasNext()) {
        String label = records.next().label();
        if (label != null) {
          labels.add(label);
        }
        count++;
      }
      return new Tuple2<>(count, labels.toArray(String[]::new));
    }
  }
}
