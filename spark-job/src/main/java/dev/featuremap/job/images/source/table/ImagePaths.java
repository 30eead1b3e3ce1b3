package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.UriSecrets;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.LinkRule;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.TaskFiles;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import dev.featuremap.spec.Visible;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The image files that the rows of a table name. Whoever wrote the table is not trusted: no path
 * leads out of one directory, whose links follow the rule of all data. Travels.
 *
 * @param table its name, for messages
 * @param root the directory of the images; what is not absolute is relative to it
 * @param extension what paths lack; empty for nothing
 * @param links the rule of local links
 */
record ImagePaths(
    String table, String root, String extension, LinkRule links, TaskFiles hadoop, int maxBytes)
    implements Serializable {

  /**
   * The files of a table.
   *
   * @param sets the files or directories that the table is
   */
  static ImagePaths of(
      JavaSparkContext spark, DataFolder folder, String table, List<Path> sets, DataSettings data) {
    Configuration configuration = spark.hadoopConfiguration();
    Path root =
        data.table()
            .images()
            .map(images -> DataFolder.qualify(configuration, images))
            .orElseGet(() -> beside(folder, sets));
    return new ImagePaths(
        table,
        root.toString(),
        data.table().extension().orElse(""),
        folder.links(List.of(root)),
        TaskFiles.of(spark),
        data.maxBytes());
  }

  /** The directory in which a set lies; the data's own if the set is all of it. */
  private static Path beside(DataFolder folder, List<Path> sets) {
    List<Path> parents =
        sets.stream()
            .map(set -> set.equals(folder.root()) ? set : set.getParent())
            .distinct()
            .toList();
    if (parents.size() > 1) {
      throw JobException.usage(
          "Cannot find the images of %s: their paths may be relative to %s. Set data.table.images."
              .formatted(DataFolder.places(sets), DataFolder.places(parents)));
    }
    return parents.isEmpty() ? folder.root() : parents.get(0);
  }

  /**
   * The file that a row names.
   *
   * @return empty if the text is no path
   * @throws JobException with {@code BAD_DATA} if it leads out
   */
  Optional<Path> resolve(long id, String text) {
    String whole =
        text.toLowerCase(Locale.ROOT).endsWith(extension.toLowerCase(Locale.ROOT))
            ? text
            : text + extension;
    Path directory = PathText.parse(root);
    try {
      Path path =
          PathText.isAbsolute(whole)
              ? absolute(PathText.parse(whole), directory)
              : PathText.child(directory, whole);
      if (leadsUp(whole) || !LinkRule.isBelow(path, directory)) {
        throw leadsOut(id, text);
      }
      return Optional.of(path);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw leadsOut(id, text);
    }
  }

  /** Only the store of the images is looked for. */
  private Path absolute(Path path, Path directory) throws IOException {
    String scheme = path.toUri().getScheme();
    boolean elsewhere = scheme != null && !scheme.equals(directory.toUri().getScheme());
    return elsewhere || path.toUri().getAuthority() != null
        ? path
        : FileSystems.qualify(path, hadoop.configuration());
  }

  /** True if a path leaves, by its names alone, where it begins. */
  private static boolean leadsUp(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          return true;
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return false;
  }

  private JobException leadsOut(long id, String text) {
    boolean secret = UriSecrets.problem("image", text).isPresent();
    return JobException.badData(
        String.format(
            Locale.ROOT,
            "Cannot use %s: record %d names %s, out of the images in %s. Mend it, or set data.table.images to a directory that holds all of them if you trust whoever wrote it.",
            table,
            id,
            secret ? "a URI with credentials" : Visible.of(text),
            root));
  }

  /** What a file holds. */
  ImageContent content(Path path) {
    try {
      Configuration configuration = hadoop.configuration();
      String fault = FileSystems.isLocal(path, configuration) ? links.fault(path) : null;
      if (fault != null) {
        return new ImageContent.Unusable(fault);
      }
      FileStatus status = FileSystems.of(path, configuration).getFileStatus(path);
      if (status.isDirectory()) {
        return new ImageContent.Unusable("it is a directory");
      }
      if (status.getLen() > maxBytes) {
        return ImageContent.tooLarge(status.getLen(), maxBytes);
      }
      try (InputStream in = FileSystems.of(path, configuration).open(path)) {
        return new ImageContent.Encoded(in.readAllBytes());
      }
    } catch (IllegalArgumentException e) {
      return new ImageContent.Unusable("its path is none: " + e.getMessage());
    } catch (IOException e) {
      if (isAbsent(path, e)) {
        return new ImageContent.Unusable("it does not exist");
      }
      throw ReadFailure.of(path, e);
    }
  }

  /** Adds a file to the marks of a source; what is not there has no length. */
  SourceMarks mark(SourceMarks marks, long id, Path path) {
    try {
      FileStatus status = FileSystems.of(path, hadoop.configuration()).getFileStatus(path);
      return marks.add(id, path.toString(), status.getLen(), SourceMarks.mark(status));
    } catch (IllegalArgumentException e) {
      return marks.add(id, path.toString(), -1, "");
    } catch (IOException e) {
      if (isAbsent(path, e)) {
        return marks.add(id, path.toString(), -1, "");
      }
      throw ReadFailure.of(path, e);
    }
  }

  private static boolean isAbsent(Path path, IOException e) {
    return e instanceof FileNotFoundException
        || StorageFault.ofInput(path, e) == StorageFault.ABSENT;
  }
}
