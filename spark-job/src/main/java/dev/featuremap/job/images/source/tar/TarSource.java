package dev.featuremap.job.images.source.tar;

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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * WebDataset: tar files, each read by one task from start to end. Samples are numbered in the order
 * of the files' names and of the samples in them, or by the numbers that their base names are.
 *
 * <p>A pass over the heads counts them first; it seeks over the images where files are not
 * compressed.
 */
public final class TarSource implements ImageSource {
  private final List<Path> folders;
  private final TaskFiles hadoop;
  private final int maxBytes;
  private final List<Shard> shards;
  private final LabelIndex labels;
  private final long images;
  private final PassedOver passedOver;

  private TarSource(
      JavaSparkContext spark,
      DataSettings settings,
      List<Path> folders,
      List<Path> files,
      PassedOver passedOver) {
    this.passedOver = passedOver;
    this.folders = folders;
    this.hadoop = TaskFiles.of(spark);
    this.maxBytes = settings.maxBytes();
    boolean explicit = settings.ids() == Ids.EXPLICIT;
    SampleLabel holder = SampleLabel.of(settings);
    List<Shard> unnumbered =
        files.stream().map(file -> new Shard(file.toString(), 0, explicit, holder)).toList();
    TaskFiles shared = hadoop;
    List<Tuple2<Long, String[]>> counts =
        spark
            .parallelize(indexes(files.size()), files.size())
            .map(shard -> unnumbered.get(shard).count(shared.configuration()))
            .collect();
    TreeSet<String> found = new TreeSet<>();
    List<Shard> numbered = new ArrayList<>();
    long first = 0;
    for (int shard = 0; shard < files.size(); shard++) {
      numbered.add(new Shard(files.get(shard).toString(), first, explicit, holder));
      first += counts.get(shard)._1();
      found.addAll(List.of(counts.get(shard)._2()));
    }
    this.shards = List.copyOf(numbered);
    this.labels = LabelIndex.of(found);
    this.images = first;
  }

  /** True for tar files. */
  public static boolean isShard(FileStatus status, DataSettings settings) {
    return status.isFile() && isShard(status.getPath());
  }

  private static boolean isShard(Path path) {
    String name = path.getName();
    return Stream.of(".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst").anyMatch(name::endsWith);
  }

  /**
   * Counts the samples of one set.
   *
   * @param set tar files, or folders of them
   * @throws JobException with {@code MISSING_INPUT} when there are no samples
   */
  public static TarSource open(ImageSet set) {
    List<Path> paths = set.paths();
    List<Path> found =
        paths.stream()
            .flatMap(path -> set.folder().children(path).stream())
            .map(FileStatus::getPath)
            .toList();
    List<Path> files = found.stream().filter(TarSource::isShard).toList();
    set.folder().requireReadable(files, paths);
    if (files.isEmpty()) {
      throw JobException.missingInput(
          "Cannot find images in %s: expected tar files, got none.".formatted(paths.get(0)), null);
    }
    PassedOver others =
        PassedOver.of(found.stream().filter(path -> !isShard(path)).map(Path::getName).toList());
    TarSource source = new TarSource(set.spark(), set.settings(), paths, files, others);
    if (source.images == 0) {
      throw JobException.missingInput(
          String.format(
              Locale.ROOT,
              "Cannot find images in %s: its %d tar files hold no file.",
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
        .flatMap(shard -> files.get(shard).samples(shared.configuration(), wanted, most))
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
   * One tar file.
   *
   * @param first record id of its first sample, unless base names are ids
   * @param label where samples have theirs
   */
  private record Shard(String file, long first, boolean explicit, SampleLabel label)
      implements Serializable {

    Iterator<SourceRecord> samples(Configuration configuration, IdFilter wanted, int maxBytes) {
      TarSamples samples =
          new TarSamples(configuration, PathText.parse(file), this::id, wanted, label, maxBytes);
      TaskCompletionListener close = task -> samples.close();
      TaskContext.get().addTaskCompletionListener(close);
      return samples;
    }

    private long id(long index, String name) {
      return explicit ? ExplicitIds.ofName(name) : first + index;
    }

    /** How many samples there are, and their labels. */
    Tuple2<Long, String[]> count(Configuration configuration) {
      Iterator<SourceRecord> samples = samples(configuration, id -> false, 0);
      TreeSet<String> labels = new TreeSet<>();
      long count = 0;
      while (samples.hasNext()) {
        String label = samples.next().label();
        if (label != null) {
          labels.add(label);
        }
        count++;
      }
      return new Tuple2<>(count, labels.toArray(String[]::new));
    }
  }
}
