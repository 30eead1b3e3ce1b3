package dev.featuremap.job.images.source;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathPattern;
import dev.featuremap.job.path.PathText;
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
 * @param followsLinks whether local links may lead out of it
 */
public record DataFolder(Configuration configuration, Path root, boolean followsLinks) {
  /** Where training images lie unless a setting says it. */
  public static final List<String> TRAIN = List.of("train*");

  /** Where test images lie unless a setting says it: the first that matches. */
  public static final List<String> TEST = List.of("test*", "val*");

  /** Where validation images lie unless a setting says it, if there are test images as well. */
  public static final List<String> VALIDATION = List.of("val*");

  private static final int NAMES_SHOWN = 8;

  /** A directory by any path to it. */
  public static DataFolder of(Configuration configuration, Path path) {
    return new DataFolder(configuration, qualify(configuration, path), false);
  }

  /** The directory that settings name. */
  public static DataFolder of(Configuration configuration, DataSettings settings) {
    return new DataFolder(
        configuration, qualify(configuration, settings.path()), settings.followLinks());
  }

  /** A path with the scheme and authority that messages and executors need. */
  public static Path qualify(Configuration configuration, Path path) {
    StorageFault.requireStore("read", path);
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
    List<Path> part =
        patterns.stream()
            .map(this::named)
            .filter(found -> !found.isEmpty())
            .findFirst()
            .orElseThrow(
                () ->
                    JobException.missingInput(
                        "Cannot find images in %s: expected %s, got %s. Set %s, or data.test-fraction for one set."
                            .formatted(
                                root, String.join(" or ", patterns), names(children(root)), key),
                        null));
    requireReadable(part, part);
    return part;
  }

  /**
   * The directory that has the usual name itself, without what may follow it: {@code train} of
   * {@code train*}. Others beside it, such as {@code train_old}, are then not meant.
   */
  public Optional<Path> exactly(String usual) {
    return children(root).stream()
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .filter(path -> path.getName().equals(usual.replace("*", "")))
        .findFirst();
  }

  /** Which links may be followed below some paths that settings name. */
  public LinkRule links(List<Path> named) {
    return LinkRule.of(configuration, root, named, followsLinks);
  }

  /**
   * Makes sure that local paths are files or directories, and that no link leads out.
   *
   * @param named the paths that settings name, in which they lie
   * @throws JobException with {@code BAD_DATA} naming the first that is not so
   */
  public void requireReadable(List<Path> paths, List<Path> named) {
    List<Path> local =
        paths.stream().filter(path -> FileSystems.isLocal(path, configuration)).toList();
    if (!local.isEmpty()) {
      LinkRule rule = links(named);
      local.forEach(rule::require);
    }
  }

  /** The same for all files below, of readers that list them by themselves. */
  public void requireReadableBelow(List<Path> paths) {
    if (!paths.stream().allMatch(path -> FileSystems.isLocal(path, configuration))) {
      return;
    }
    FolderWalk walk = FolderWalk.of(this, links(paths), paths);
    for (Path path : paths) {
      for (FolderWalk.Found found : walk.files(configuration, path)) {
        if (found.fault() != null) {
          throw JobException.badData("Cannot use %s: %s.".formatted(found.path(), found.fault()));
        }
      }
    }
  }

  /** What lies in the directory beside the sets that are read from it. */
  public PassedOver beside(List<Path> sets) {
    return PassedOver.of(
        children(root).stream()
            .filter(child -> sets.stream().noneMatch(set -> haveParts(set, child.getPath())))
            .map(child -> child.getPath().getName() + (child.isDirectory() ? "/" : ""))
            .toList());
  }

  private static boolean haveParts(Path one, Path other) {
    return LinkRule.isBelow(one, other) || LinkRule.isBelow(other, one);
  }

  /** What is in a directory and not hidden, in order of name; a file is in itself. */
  public List<FileStatus> children(Path directory) {
    try {
      FileSystem files = FileSystems.of(directory, configuration);
      return visible(files.listStatus(directory)).toList();
    } catch (IOException e) {
      throw StorageFault.ofInput(directory, e) == StorageFault.ABSENT
          ? JobException.missingInput(
              "Cannot find images in %s: the directory does not exist.".formatted(directory), e)
          : ReadFailure.of(directory, e);
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

  /** True for names that are passed over without a word. */
  public static boolean isHidden(String name) {
    return FileKinds.isHidden(name);
  }

  private static Stream<FileStatus> visible(FileStatus[] found) {
    return Arrays.stream(found)
        .filter(status -> !isHidden(status.getPath()))
        .sorted(Comparator.comparing(status -> status.getPath().toString()));
  }
}
