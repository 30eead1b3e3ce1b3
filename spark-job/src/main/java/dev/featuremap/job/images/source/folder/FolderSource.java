package dev.featuremap.job.images.source.folder;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ExplicitIds;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.TaskFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Image files in a folder for each class, whose name is the label.
 *
 * <p>Each class is listed by a task of its own, with all below it; names that begin with a dot or
 * an underscore are passed over. Records are numbered in the order of their paths, or by the
 * numbers that their base names are. The driver never holds the list of files.
 */
public final class FolderSource implements ImageSource {
  private static final int FILES_OF_A_TASK = 1024;
  private static final int MOST_TASKS = 8192;

  private final List<Path> folders;
  private final LabelIndex labels;
  private final TaskFiles hadoop;
  private final int maxBytes;
  private final long images;
  private final JavaPairRDD<Tuple2<String, FileEntry>, Long> numbered;

  private FolderSource(
      JavaSparkContext spark, DataSettings settings, List<Path> folders, List<Path> classes) {
    this.folders = folders;
    this.labels = LabelIndex.of(classes.stream().map(Path::getName).toList());
    this.hadoop = TaskFiles.of(spark);
    this.maxBytes = settings.maxBytes();
    JavaPairRDD<String, FileEntry> files = list(spark, hadoop, classes);
    this.images = files.count();
    if (images == 0) {
      throw JobException.missingInput(
          String.format(
              Locale.ROOT,
              "Cannot find images in %s: its %d folders hold no file.",
              DataFolder.places(folders),
              classes.size()),
          null);
    }
    int tasks = (int) Math.min(MOST_TASKS, (images - 1) / FILES_OF_A_TASK + 1);
    JavaPairRDD<String, FileEntry> sorted = files.sortByKey(true, tasks);
    this.numbered =
        settings.ids() == Ids.ORDER
            ? sorted.zipWithIndex()
            : sorted.mapToPair(file -> new Tuple2<>(file, ExplicitIds.ofName(file._1())));
    if (settings.ids() == Ids.EXPLICIT) {
      ExplicitIds.check(numbered.values(), images, toString());
    }
  }

  /**
   * Lists the files of one set: folders of which each holds one for each class or, where labels are
   * not needed, files at any depth.
   *
   * @throws JobException with {@code MISSING_INPUT} when there are no classes or no files
   */
  public static FolderSource open(ImageSet set) {
    List<Path> folders = set.paths();
    return new FolderSource(
        set.spark(),
        set.settings(),
        folders,
        set.unlabelled().isPresent() ? folders : classes(set.folder(), folders));
  }

  private static List<Path> classes(DataFolder data, List<Path> folders) {
    List<Path> classes = new ArrayList<>();
    List<FileStatus> others = new ArrayList<>();
    for (Path folder : folders) {
      for (FileStatus child : data.children(folder)) {
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
    return classes;
  }

  private static JavaPairRDD<String, FileEntry> list(
      JavaSparkContext spark, TaskFiles hadoop, List<Path> classes) {
    List<String> uris = classes.stream().map(Path::toString).toList();
    return spark
        .parallelize(uris, uris.size())
        .flatMapToPair(uri -> files(hadoop.configuration(), new Path(uri)).iterator())
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * All files below the folder of a class. Not by {@code listFiles}, whose statuses carry
   * permissions, for which the local file system starts a process each.
   */
  private static List<Tuple2<String, FileEntry>> files(Configuration configuration, Path folder) {
    List<Tuple2<String, FileEntry>> files = new ArrayList<>();
    Deque<Path> open = new ArrayDeque<>(List.of(folder));
    while (!open.isEmpty()) {
      Path directory = open.pop();
      try {
        RemoteIterator<FileStatus> children =
            directory.getFileSystem(configuration).listStatusIterator(directory);
        while (children.hasNext()) {
          FileStatus child = children.next();
          if (DataFolder.isHidden(child.getPath())) {
            continue;
          }
          if (child.isDirectory()) {
            open.push(child.getPath());
          } else {
            FileEntry entry =
                new FileEntry(folder.getName(), child.getLen(), SourceMarks.mark(child));
            files.add(new Tuple2<>(child.getPath().toString(), entry));
          }
        }
      } catch (IOException e) {
        throw ReadFailure.of(directory, e);
      }
    }
    return files;
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
    ImageContent content =
        entry.length() > maxBytes
            ? ImageContent.tooLarge(entry.length(), maxBytes)
            : content(configuration, new Path(file._1()));
    return new SourceRecord(id, file._1(), entry.label(), content);
  }

  private static ImageContent content(Configuration configuration, Path path) {
    try (InputStream in = path.getFileSystem(configuration).open(path)) {
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
