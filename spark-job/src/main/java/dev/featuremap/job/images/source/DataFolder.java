package dev.featuremap.job.images.source;

import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathPattern;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.failure.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory of a run's images, on any Hadoop file system, and the names in it.
 *
 * @param configuration what reaches the file system
 * @param root the directory, with scheme and authority
 */
public record DataFolder(Configuration configuration, Path root) {
  /** Where training images lie unless a setting says it. */
  public static final List<String> TRAIN = List.of("train*");

  /** Where test images lie unless a setting says it: the first that matches. */
  public static final List<String> TEST = List.of("test*", "val*");

  private static final int NAMES_SHOWN = 8;

  /** A directory by any path to it. */
  public static DataFolder of(Configuration configuration, Path path) {
    return new DataFolder(configuration, qualify(configuration, path));
  }

  /** A path with the scheme and authority that messages and executors need. */
  public static Path qualify(Configuration configuration, Path path) {
    try {
      return FileSystems.qualify(path, configuration);
    } catch (IllegalArgumentException e) {
      throw ReadFailure.of(path, e);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  /** The directory itself, as a set that is not in parts. */
  public List<Path> whole() {
    return List.of(root);
  }

  /** What a path or glob below the root names, in order of name; possibly nothing. */
  public List<Path> named(String pattern) {
    PathPattern named = pattern(pattern);
    try {
      FileSystem files = FileSystems.of(PathText.below(root, pattern), configuration);
      return named.in(root, files).stream()
          .map(FileStatus::getPath)
          .filter(path -> path.getName().equals(pattern) || !isHidden(path))
          .toList();
    } catch (IOException e) {
      throw ReadFailure.of(root, e);
    }
  }

  private PathPattern pattern(String pattern) {
    try {
      return PathPattern.of(pattern);
    } catch (IllegalArgumentException e) {
      throw JobException.usage(
          "Cannot look for %s in %s: expected a path or glob (%s)."
              .formatted(pattern, root, e.getMessage()));
    }
  }

  /**
   * One part of the images.
   *
   * @param key the setting that names it
   * @param usual patterns that are tried without it
   * @throws JobException with {@code MISSING_INPUT} if there is none
   */
  public List<Path> part(String key, Optional<String> given, List<String> usual) {
    List<String> patterns = given.map(List::of).orElse(usual);
    return patterns.stream()
        .map(this::named)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                JobException.missingInput(
                    "Cannot find images in %s: expected %s, got %s. Set %s, or data.test-fraction for one set."
                        .formatted(root, String.join(" or ", patterns), names(children(root)), key),
                    null));
  }

  /** What is in a directory and not hidden, in order of name; a file is in itself. */
  public List<FileStatus> children(Path directory) {
    try {
      FileSystem files = FileSystems.of(directory, configuration);
      return visible(files.listStatus(directory)).toList();
    } catch (FileNotFoundException e) {
      throw JobException.missingInput(
          "Cannot find images in %s: the directory does not exist.".formatted(directory), e);
    } catch (IOException e) {
      throw ReadFailure.of(directory, e);
    }
  }

  /** Paths in a row, for messages. */
  public static String places(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  /** What is there, for messages. */
  public static String names(List<FileStatus> found) {
    String more = found.size() > NAMES_SHOWN ? ", …" : "";
    return found.isEmpty()
        ? "nothing"
        : found.stream()
                .limit(NAMES_SHOWN)
                .map(status -> status.getPath().getName() + (status.isDirectory() ? "/" : ""))
                .collect(Collectors.joining(", "))
            + more;
  }

  /** True for what {@link #isHidden(String)} tells from its name. */
  public static boolean isHidden(Path path) {
    return isHidden(path.getName());
  }

  /** True for names that Hadoop's tools pass over. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static Stream<FileStatus> visible(FileStatus[] found) {
    return Arrays.stream(found)
        .filter(status -> !isHidden(status.getPath()))
        .sorted(Comparator.comparing(status -> status.getPath().toString()));
  }
}
