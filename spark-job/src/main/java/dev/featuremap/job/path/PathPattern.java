package dev.featuremap.job.path;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * A setting that may name several paths below a directory: {@code *}, {@code ?}, {@code [a-z]} and
 * {@code {x,y}} as Hadoop has them, and {@code \} before a character that means itself. What has
 * exactly the pattern's own name is meant first. Hadoop's own search fails where a name beside has
 * a colon.
 */
public final class PathPattern {
  private final String pattern;
  private final List<String> alternatives;

  private PathPattern(String pattern, List<String> alternatives) {
    this.pattern = pattern;
    this.alternatives = alternatives;
  }

  /**
   * Checks a pattern.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static PathPattern of(String pattern) {
    try {
      List<String> alternatives = GlobExpander.expand(pattern);
      for (String alternative : alternatives) {
        for (String component : alternative.split("/", -1)) {
          new GlobFilter(component);
        }
        PathText.below(new Path("/"), alternative);
      }
      return new PathPattern(pattern, alternatives);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** What it names below a directory, in order of path; possibly nothing. */
  public List<FileStatus> in(Path directory, FileSystem files) throws IOException {
    Path exact = PathText.below(directory, pattern);
    List<FileStatus> found = status(exact, files);
    if (!found.isEmpty()) {
      return found;
    }
    TreeMap<String, FileStatus> matches = new TreeMap<>(Comparator.naturalOrder());
    for (String alternative : alternatives) {
      Path path = PathText.below(directory, alternative);
      boolean absolute = PathText.isAbsolute(alternative);
      List<Path> places = List.of(absolute ? PathText.below(path, "/") : directory);
      String below = absolute ? path.toUri().getPath() : alternative;
      for (FileStatus status : matches(places, below.split("/+"), files)) {
        matches.put(status.getPath().toString(), status);
      }
    }
    return List.copyOf(matches.values());
  }

  private static List<FileStatus> matches(List<Path> start, String[] components, FileSystem files)
      throws IOException {
    List<Path> places = start;
    for (String component : components) {
      if (!component.isEmpty()) {
        places = step(places, component, files);
      }
    }
    List<FileStatus> found = new ArrayList<>();
    for (Path place : places) {
      found.addAll(status(place, files));
    }
    return found;
  }

  private static List<Path> step(List<Path> places, String component, FileSystem files)
      throws IOException {
    GlobFilter filter = new GlobFilter(component);
    List<Path> next = new ArrayList<>();
    for (Path place : places) {
      if (!filter.hasPattern()) {
        next.add(PathText.child(place, component.replaceAll("\\\\(.)", "$1")));
      } else if (status(place, files).stream().anyMatch(FileStatus::isDirectory)) {
        for (FileStatus child : files.listStatus(place)) {
          if (filter.accept(child.getPath())) {
            next.add(child.getPath());
          }
        }
      }
    }
    return next;
  }

  private static List<FileStatus> status(Path path, FileSystem files) throws IOException {
    try {
      return List.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
