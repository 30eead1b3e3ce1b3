package dev.featuremap.job.images.source;

import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * All files below some directories, each by a walk of its own. A real directory is visited once,
 * whatever links lead to it: one that is, or holds, or lies in another start of a walk is left to
 * that. Travels.
 */
public final class FolderWalk implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LinkRule rule;
  private final boolean local;

  /** Real paths of all starts. */
  private final String[] starts;

  private FolderWalk(LinkRule rule, boolean local, List<String> starts) {
    this.rule = rule;
    this.local = local;
    this.starts = starts.toArray(String[]::new);
  }

  /** Walks from directories that {@link #distinct} has left. */
  public static FolderWalk of(DataFolder folder, LinkRule links, List<Path> starts) {
    boolean local =
        starts.stream().allMatch(start -> FileSystems.isLocal(start, folder.configuration()));
    List<String> real = new ArrayList<>();
    if (local) {
      starts.forEach(start -> real.add(real(start).toString()));
    }
    return new FolderWalk(links, local, real);
  }

  private static java.nio.file.Path real(Path path) {
    try {
      return LinkRule.local(path).toRealPath();
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  /**
   * A file below a start.
   *
   * @param path in full
   * @param name below the start
   * @param mark by which its content is told from another; empty if it is passed
   * @param fault why it cannot be read; null if it can
   * @param passed true for what is no image by its name, or is read by another way
   */
  public record Found(
      String path, String name, long length, String mark, String fault, boolean passed) {}

  /**
   * All that is not hidden below a directory. Not by {@code listFiles}, whose statuses carry
   * permissions, for which Hadoop's local file system starts a process each.
   *
   * @throws dev.featuremap.job.failure.JobException with {@code BAD_DATA} naming what may not be
   *     read
   */
  public List<Found> files(Configuration hadoop, Path start) {
    Walk walk = new Walk(hadoop, start);
    walk.go(start);
    while (!walk.links.isEmpty()) {
      Path link = walk.links.first();
      walk.links.remove(link);
      java.nio.file.Path target = real(link);
      if (isOfAStart(target) || walk.visited.contains(target)) {
        walk.pass(link, again(target.toString()));
      } else {
        walk.go(link);
      }
    }
    return walk.files;
  }

  private boolean isOfAStart(java.nio.file.Path place) {
    for (String start : starts) {
      if (place.startsWith(start) || java.nio.file.Path.of(start).startsWith(place)) {
        return true;
      }
    }
    return false;
  }

  /** One walk, and the links to directories that it has met and not followed yet. */
  private final class Walk {
    private final Configuration hadoop;
    private final Path start;
    private final List<Found> files = new ArrayList<>();
    private final TreeSet<Path> links = new TreeSet<>();

    /** Real directories that were visited by links. */
    private final Set<java.nio.file.Path> visited = new HashSet<>();

    Walk(Configuration hadoop, Path start) {
      this.hadoop = hadoop;
      this.start = start;
    }

    void go(Path top) {
      Deque<Path> open = new ArrayDeque<>(List.of(top));
      while (!open.isEmpty()) {
        Path directory = open.pop();
        if (top.equals(start) || visited.add(real(directory))) {
          children(directory).forEach(child -> add(child, open));
        }
      }
    }

    private List<FileStatus> children(Path directory) {
      List<FileStatus> visible = new ArrayList<>();
      try {
        RemoteIterator<FileStatus> children =
            FileSystems.of(directory, hadoop).listStatusIterator(directory);
        while (children.hasNext()) {
          FileStatus child = children.next();
          if (!FileKinds.isHidden(child.getPath().getName())) {
            visible.add(child);
          }
        }
      } catch (IOException e) {
        throw ReadFailure.of(directory, e);
      }
      visible.sort(Comparator.comparing(FileStatus::getPath));
      return visible;
    }

    private void add(FileStatus child, Deque<Path> open) {
      Path path = child.getPath();
      LinkRule.Entry entry = local && !path.equals(start) ? look(path) : null;
      boolean link = entry != null && entry.link();
      LinkRule.Kind kind = entry == null ? kind(child) : entry.kind();
      if (kind == LinkRule.Kind.DIRECTORY) {
        (link ? links : open).add(path);
      } else if (FileKinds.isNoImage(path.getName())) {
        pass(path, "");
      } else {
        String fault = kind == LinkRule.Kind.DANGLING ? entry.reason() : null;
        String mark = SourceMarks.mark(child);
        files.add(new Found(path.toString(), name(path), child.getLen(), mark, fault, false));
      }
    }

    private LinkRule.Entry look(Path path) {
      try {
        return rule.look(path);
      } catch (IOException e) {
        throw ReadFailure.of(path, e);
      }
    }

    void pass(Path path, String why) {
      files.add(new Found(path.toString(), name(path) + why, 0, "", null, true));
    }

    private String name(Path path) {
      String whole = path.toString();
      return start.getName() + whole.substring(Math.min(whole.length(), start.toString().length()));
    }
  }

  private static LinkRule.Kind kind(FileStatus status) {
    return status.isDirectory() ? LinkRule.Kind.DIRECTORY : LinkRule.Kind.FILE;
  }

  private static String again(String target) {
    return " (a link to %s, which is read already)".formatted(target);
  }

  /**
   * The directories of which none is, or lies in, another. Of two that are one, the one that is no
   * link is kept, else the first.
   *
   * @param passed gets the names of the others
   */
  public static List<Path> distinct(
      DataFolder folder, List<Path> directories, List<String> passed) {
    Map<java.nio.file.Path, Path> kept = new LinkedHashMap<>();
    List<Path> remote = new ArrayList<>();
    for (Path path : directories) {
      if (!FileSystems.isLocal(path, folder.configuration())) {
        remote.add(path);
        continue;
      }
      java.nio.file.Path own = real(path);
      Path same = kept.get(own);
      if (same == null || (isLink(same) && !isLink(path))) {
        kept.put(own, path);
      }
      if (same != null) {
        passed.add((kept.get(own).equals(path) ? same : path).getName() + again(own.toString()));
      }
    }
    List<Path> inner = new ArrayList<>();
    kept.forEach(
        (own, path) -> {
          for (java.nio.file.Path up = own.getParent(); up != null; up = up.getParent()) {
            if (kept.containsKey(up)) {
              inner.add(path);
              passed.add(path.getName() + again(own.toString()));
              return;
            }
          }
        });
    Set<Path> left = new HashSet<>(kept.values());
    left.addAll(remote);
    inner.forEach(left::remove);
    return directories.stream().filter(left::contains).toList();
  }

  private static boolean isLink(Path path) {
    return Files.isSymbolicLink(LinkRule.local(path));
  }
}
