package dev.featuremap.job.path;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file system of a path: Hadoop's, and for local files one that keeps their names. It is shared
 * and must not be closed.
 */
public final class FileSystems {
  private static final String LOCAL = "fs.file.impl";

  private FileSystems() {}

  /**
   * The file system of a path.
   *
   * @throws IOException if it cannot be reached
   * @throws IllegalArgumentException if Hadoop refuses its host or scheme
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    return isLocal(path, hadoop) && isHadoops(hadoop)
        ? ExactFileSystem.shared()
        : path.getFileSystem(hadoop);
  }

  /** A path with its scheme and authority, from the root. */
  public static Path qualify(Path path, Configuration hadoop) throws IOException {
    return of(path, hadoop).makeQualified(path);
  }

  /** True for a path on local disks, or what is mounted among them. */
  public static boolean isLocal(Path path, Configuration hadoop) {
    String scheme = path.toUri().getScheme();
    return "file".equals(scheme == null ? FileSystem.getDefaultUri(hadoop).getScheme() : scheme);
  }

  /**
   * Options with which Spark's readers of files keep paths as they are: no path is a pattern, and
   * local files are read as {@link #of} reads them.
   */
  public static Map<String, String> readerOptions(Configuration hadoop) {
    return isHadoops(hadoop)
        ? Map.of(
            "__globPaths__",
            "false",
            LOCAL,
            ExactFileSystem.class.getName(),
            LOCAL + ".disable.cache",
            "true")
        : Map.of("__globPaths__", "false");
  }

  /** A configuration with which Hadoop's own {@code Path.getFileSystem} is {@link #of}. */
  public static Configuration exact(Configuration hadoop) {
    Configuration exact = new Configuration(hadoop);
    readerOptions(hadoop).forEach(exact::set);
    return exact;
  }

  private static boolean isHadoops(Configuration hadoop) {
    String name = hadoop.get(LOCAL, LocalFileSystem.class.getName());
    return name.equals(LocalFileSystem.class.getName())
        || name.equals(ExactFileSystem.class.getName());
  }
}
