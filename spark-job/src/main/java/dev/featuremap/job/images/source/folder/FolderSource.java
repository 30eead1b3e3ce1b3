package dev.featuremap.job.images.source.folder;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ExplicitIds;
import dev.featuremap.job.images.source.FolderWalk;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.PassedOver;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.TaskFiles;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Image files in a folder for each class, whose name is the label.
 *
 * <p>Each class is listed by a task of its own, with all below it; a {@code FolderWalk} decides
 * what is an image there. Records are numbered in the order of their paths, or by the numbers that
 * their base names are. The driver never holds the list of files.
 */
public final class FolderSource implements ImageSource {
  private static final int FILES_OF_A_TASK = 1024;
  private static final int MOST_TASKS = 8192;

  private final List<Path> folders;
  private final LabelIndex labels;
  private final TaskFiles hadoop;
  private final int maxBytes;
  private final long images;
  private final PassedOver passedOver;
  private final JavaPairRDD<Tuple2<String, FileEntry>, Long> numbered;

  private FolderSource(ImageSet set, Classes classes) {
    DataSettings settings = set.settings();
    this.folders = set.paths();
    this.labels = LabelIndex.of(classes.folders().stream().map(Path::getName).toList());
    this.hadoop = TaskFiles.of(set.spark());
    this.maxBytes = settings.maxBytes();
    FolderWalk walk = FolderWalk.of(set.folder(), set.folder().links(folders), classes.folders());
    JavaPairRDD<String, FileEntry> listed = list(set.spark(), hadoop, walk, classes.folders());
    List<Tuple2<Long, PassedOver>> counts = listed.mapPartitions(FolderSource::count).collect();
    this.images = counts.stream().mapToLong(Tuple2::_1).sum();
    this.passedOver =
        counts.stream().map(Tuple2::_2).reduce(PassedOver.of(classes.others()), PassedOver::plus);
    if (images == 0) {
      throw JobException.missingInput(
          String.format(
              Locale.ROOT,
              "Cannot find images in %s: its %d folders hold no %s.",
              DataFolder.places(folders),
              classes.folders().size(),
              passedOver.count() == 0 ? "file" : "image, got " + passedOver),
          null);
    }
    int tasks = (int) Math.min(MOST_TASKS, (images - 1) / FILES_OF_A_TASK + 1);
    JavaPairRDD<String, FileEntry> sorted =
        listed.filter(file -> file._2().passed() == null).sortByKey(true, tasks);
    this.numbered =
        settings.ids() == Ids.ORDER
            ? sorted.zipWithIndex()
            : sorted.mapToPair(file -> new Tuple2<>(file, ExplicitIds.ofName(file._1())));
    if (settings.ids() == Ids.EXPLICIT) {
      ExplicitIds.check(numbered.values(), images, toString());
    }
  }

  /**
   * The folders whose names are labels.
   *
   * @param others what lies beside them
   */
  private record Classes(List<Path> folders, List<String> others) {}

  /**
   * Lists the files of one set: folders of which each holds one for each class or, where labels are
   * not needed, files at any depth.
   *
   * @throws JobException with {@code MISSING_INPUT} when there are no classes or no files
   */
  public static FolderSource open(ImageSet set) {
    List<String> others = new ArrayList<>();
    List<Path> classes =
        set.unlabelled().isPresent() ? set.paths() : classes(set.folder(), set.paths(), others);
    return new FolderSource(
        set, new Classes(FolderWalk.distinct(set.folder(), classes, others), others));
  }

  private static List<Path> classes(DataFolder data, List<Path> folders, List<String> names) {
    List<Path> classes = new ArrayList<>();
    List<FileStatus> others = new ArrayList<>();
    for (Path folder : folders) {
      List<FileStatus> children = data.children(folder);
      data.requireReadable(children.stream().map(FileStatus::getPath).toList(), folders);
      for (FileStatus child : children) {
        if (child.isDirectory()) {
          classes.add(child.getPath());
        } else {
          others.add(child);
        }
      }
    }
    if (classes.isEmpty()) {
      throw JobException.missingInput(
          "Cannot find images in %s: expected a folder for each class, got %s."
              .formatted(folders.get(0), DataFolder.names(others)),
          null);
    }
    others.forEach(other -> names.add(other.getPath().getName()));
    return classes;
  }

  private static JavaPairRDD<String, FileEntry> list(
      JavaSparkContext spark, TaskFiles hadoop, FolderWalk walk, List<Path> classes) {
    List<String> uris = classes.stream().map(Path::toString).toList();
    return spark
        .parallelize(uris, uris.size())
        .flatMapToPair(uri -> files(hadoop.configuration(), walk, PathText.parse(uri)))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Iterator<Tuple2<String, FileEntry>> files(
      Configuration configuration, FolderWalk walk, Path folder) {
    String label = folder.getName();
    return walk.files(configuration, folder).stream()
        .map(
            file -> {
              String passed = file.passed() ? file.name() : null;
              FileEntry entry =
                  new FileEntry(label, file.length(), file.mark(), file.fault(), passed);
              return new Tuple2<>(file.path(), entry);
            })
        .iterator();
  }

  /** How many images a partition has, and what else. */
  private static Iterator<Tuple2<Long, PassedOver>> count(
      Iterator<Tuple2<String, FileEntry>> files) {
    long images = 0;
    List<String> others = new ArrayList<>();
    while (files.hasNext()) {
      String passed = files.next()._2().passed();
      if (passed == null) {
        images++;
      } else {
        others.add(passed);
      }
    }
    return List.of(new Tuple2<>(images, PassedOver.of(others))).iterator();
  }

  @Override
  public PassedOver passedOver() {
    return passedOver;
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
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    return Optional.of(
        numbered.aggregate(
            new SourceMarks(images),
            (marks, file) ->
                marks.add(
                    file._2(), file._1()._1(), file._1()._2().length(), file._1()._2().mark()),
            SourceMarks::add));
  }

  /** No file is opened. */
  @Override
  public JavaPairRDD<Long, String> readLabels(JavaSparkContext spark) {
    return numbered.mapToPair(file -> new Tuple2<>(file._2(), file._1()._2().label()));
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    TaskFiles shared = hadoop;
    int most = maxBytes;
    return numbered
        .filter(file -> wanted.takes(file._2()))
        .map(file -> record(shared.configuration(), file._1(), file._2(), most));
  }

  private static SourceRecord record(
      Configuration configuration, Tuple2<String, FileEntry> file, long id, int maxBytes) {
    FileEntry entry = file._2();
    return new SourceRecord(
        id, file._1(), entry.label(), content(configuration, file._1(), entry, maxBytes));
  }

  private static ImageContent content(
      Configuration configuration, String file, FileEntry entry, int maxBytes) {
    if (entry.fault() != null) {
      return new ImageContent.Unusable(entry.fault());
    }
    if (entry.length() > maxBytes) {
      return ImageContent.tooLarge(entry.length(), maxBytes);
    }
    Path path = PathText.parse(file);
    try (InputStream in = FileSystems.of(path, configuration).open(path)) {
      return new ImageContent.Encoded(in.readAllBytes());
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d images in %s", images, DataFolder.places(folders));
  }
}
