package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Folders such as {@code label=cat}, by which Hive and Spark keep the values of a column in names:
 * a table is divided by them, at one level for each column.
 */
public final class PartitionFolders {
  private PartitionFolders() {}

  /** True for the name of such a folder. */
  public static boolean isOne(String name) {
    return name.indexOf('=') > 0;
  }

  /** The columns whose values are in names: above a path, from its own on, and below it. */
  static Set<String> columns(DataFolder folder, Path path) {
    Set<String> columns = new LinkedHashSet<>();
    for (Path at = path; at != null && isOne(at.getName()); at = at.getParent()) {
      columns.add(column(at));
    }
    Optional<Path> below = Optional.of(path);
    while (below.isPresent()) {
      below =
          folder.children(below.get()).stream()
              .filter(child -> child.isDirectory() && isOne(child.getPath().getName()))
              .map(FileStatus::getPath)
              .findFirst();
      below.ifPresent(found -> columns.add(column(found)));
    }
    return columns;
  }

  private static String column(Path path) {
    return path.getName().substring(0, path.getName().indexOf('='));
  }

  /** Where the folders of paths begin that are such folders themselves; empty if none is. */
  static Optional<Path> base(List<Path> paths) {
    Set<Path> bases = paths.stream().map(PartitionFolders::base).collect(Collectors.toSet());
    return bases.size() == 1 && !paths.contains(bases.iterator().next())
        ? Optional.of(bases.iterator().next())
        : Optional.empty();
  }

  private static Path base(Path path) {
    Path at = path;
    while (at.getParent() != null && isOne(at.getName())) {
      at = at.getParent();
    }
    return at;
  }

  /**
   * Makes sure that all files of a table are read: Spark passes over folders that are no
   * partitions, and over files beside those that are.
   *
   * @throws JobException with {@code USAGE} naming both
   */
  static void requireAllRead(DataFolder folder, List<Path> paths) {
    for (Path path : paths) {
      List<FileStatus> children = folder.children(path);
      List<FileStatus> partitions =
          children.stream()
              .filter(child -> child.isDirectory() && isOne(child.getPath().getName()))
              .toList();
      List<FileStatus> others =
          children.stream().filter(child -> !partitions.contains(child)).toList();
      List<FileStatus> folders = others.stream().filter(FileStatus::isDirectory).toList();
      List<FileStatus> read =
          partitions.isEmpty() ? others.stream().filter(FileStatus::isFile).toList() : partitions;
      List<FileStatus> unread = partitions.isEmpty() ? folders : others;
      if (!read.isEmpty() && !unread.isEmpty()) {
        throw JobException.usage(
            "Cannot read all of %s: beside %s, Spark would pass over %s. Move them apart, or name what is to be read by data.train and data.test."
                .formatted(path, DataFolder.names(read), DataFolder.names(unread)));
      }
    }
  }
}
