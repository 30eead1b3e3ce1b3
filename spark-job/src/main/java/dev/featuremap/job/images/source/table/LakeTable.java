package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Tables whose metadata say which of their files count. Read as plain files, they give back rows
 * that were deleted or overwritten.
 */
public enum LakeTable {
  /** Its log is a directory of numbered commits. */
  DELTA("Delta", "delta", "_delta_log", Pattern.compile(".*")),
  /**
   * Each state of the table is a file {@code v7.metadata.json} or {@code 00007-….metadata.json}.
   */
  ICEBERG(
      "Iceberg",
      "iceberg",
      "metadata",
      Pattern.compile("(v[0-9]+|[0-9]+-.+)(\\.gz)?\\.metadata\\.json(\\.gz)?|version-hint\\.text")),
  /** Its timeline is in a hidden directory. */
  HUDI("Hudi", "hudi", ".hoodie", Pattern.compile(".*"));

  /** How far above the images' directory a table may begin that is not told from its name. */
  private static final int LEVELS_ABOVE = 2;

  private final String title;
  private final String format;
  private final String directory;
  private final Pattern file;

  LakeTable(String title, String format, String directory, Pattern file) {
    this.title = title;
    this.format = format;
    this.directory = directory;
    this.file = file;
  }

  /** The kind of table that begins at a path, if one does. */
  public static Optional<LakeTable> at(DataFolder folder, Path path) {
    return isDirectory(folder, path)
        ? Arrays.stream(values()).filter(kind -> kind.beginsAt(folder, path)).findFirst()
        : Optional.empty();
  }

  /** What is below a file is no matter of permission, though HDFS says so. */
  private static boolean isDirectory(DataFolder folder, Path path) {
    try {
      return FileSystems.of(path, folder.configuration()).getFileStatus(path).isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean beginsAt(DataFolder folder, Path path) {
    Path metadata = PathText.child(path, directory);
    try {
      FileSystem files = FileSystems.of(metadata, folder.configuration());
      return Arrays.stream(files.listStatus(metadata))
          .anyMatch(child -> file.matcher(child.getPath().getName()).matches());
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      // Who may read a part of a tree need not be able to look at what is above it.
      if (path.depth() >= folder.root().depth()) {
        throw ReadFailure.of(metadata, e);
      }
      return false;
    }
  }

  /**
   * Does nothing unless paths are a table of this kind, or lie in one, and the settings would read
   * its files one by one.
   *
   * @throws JobException with {@code USAGE} that says how such a table is read
   */
  public static void requireNone(DataFolder folder, List<Path> paths, DataSettings settings) {
    for (Path path : paths) {
      int above = 0;
      for (Path at = path; at != null && above <= LEVELS_ABOVE; at = at.getParent()) {
        Optional<LakeTable> found = at(folder, at);
        if (found.isPresent()) {
          found.get().requireItsFormat(at, settings);
          break;
        }
        boolean below = at.depth() > folder.root().depth() || PartitionFolders.isOne(at.getName());
        above += below ? 0 : 1;
      }
    }
  }

  private void requireItsFormat(Path table, DataSettings settings) {
    String given = settings.table().format();
    if (!given.toLowerCase(Locale.ROOT).contains(format)) {
      throw JobException.usage(
          "Cannot read %s as %s: it is %s table, and %s says which of its files count. Set data.table.format = %s and give Spark its package, or export a snapshot once with Spark: spark.read.format(\"%s\").load(\"%s\").write.parquet(\"…\")."
              .formatted(
                  table,
                  given,
                  (this == ICEBERG ? "an " : "a ") + title,
                  directory,
                  format,
                  format,
                  table));
    }
  }
}
