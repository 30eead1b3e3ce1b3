package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What local files may be read: plain files, and links that stay within the data unless {@code
 * data.follow-links} is set. Stores elsewhere have no links. Travels.
 */
public final class LinkRule implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String root;

  /** Real paths within which links may lead. */
  private final String[] within;

  private final boolean follows;

  private LinkRule(String root, List<String> within, boolean follows) {
    this.root = root;
    this.within = within.toArray(String[]::new);
    this.follows = follows;
  }

  /**
   * The rule of some paths.
   *
   * @param root the directory of the data, which may be a link itself
   * @param named paths that the user has given, below the root or elsewhere
   */
  static LinkRule of(Configuration hadoop, Path root, List<Path> named, boolean follows) {
    List<String> within = new ArrayList<>();
    List<Path> roots = new ArrayList<>(List.of(root));
    named.stream().filter(path -> !isBelow(path, root)).forEach(roots::add);
    for (Path path : roots) {
      if (FileSystems.isLocal(path, hadoop)) {
        try {
          within.add(local(path).toRealPath().toString());
        } catch (IOException e) {
          throw ReadFailure.of(path, e);
        }
      }
    }
    return new LinkRule(root.toString(), within, follows);
  }

  /** True for a path that is, or lies in, another one. */
  public static boolean isBelow(Path path, Path root) {
    return (path + "/").startsWith(root.toString().replaceAll("/$", "") + "/");
  }

  /** What a path is. */
  enum Kind {
    FILE,
    DIRECTORY,
    /** A link whose target is not there. */
    DANGLING
  }

  /**
   * Something local.
   *
   * @param link true if it is a link
   * @param target where that leads: in full, or as it says where nothing is there
   */
  record Entry(Kind kind, boolean link, String target) {
    /** Why it cannot be read, completing "it is left out: ". */
    String reason() {
      return "it is a link to %s, which does not exist".formatted(target);
    }
  }

  /**
   * Looks what a local path is.
   *
   * @throws JobException with {@code BAD_DATA} if it is neither file nor directory, or leads out
   * @throws IOException if that cannot be found out
   */
  Entry look(Path path) throws IOException {
    java.nio.file.Path local = local(path);
    BasicFileAttributes attributes =
        Files.readAttributes(local, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isSymbolicLink()) {
      return new Entry(kind(path, attributes), false, local.toString());
    }
    java.nio.file.Path real;
    try {
      real = local.toRealPath();
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      return new Entry(Kind.DANGLING, true, Files.readSymbolicLink(local).toString());
    }
    requireWithin(path, real);
    Kind kind = kind(path, Files.readAttributes(real, BasicFileAttributes.class));
    return new Entry(kind, true, real.toString());
  }

  /**
   * Makes sure that a local path can be read, and does not lead out by any directory on its way.
   *
   * @throws JobException with {@code BAD_DATA} if it is not so
   */
  void require(Path path) {
    try {
      Entry entry = look(path);
      if (entry.kind() == Kind.DANGLING) {
        throw JobException.badData("Cannot use %s: %s.".formatted(path, entry.reason()));
      }
      requireWithin(path, local(path).toRealPath());
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  /**
   * Why a local path is no file that can be read, completing "it is left out: "; null if it is one.
   *
   * @throws JobException with {@code BAD_DATA} if it leads out, or is a pipe or the like
   * @throws IllegalArgumentException if it is no path of this machine
   * @throws IOException if that cannot be found out
   */
  public String fault(Path path) throws IOException {
    try {
      Entry entry = look(path);
      if (entry.kind() == Kind.DANGLING) {
        return entry.reason();
      }
      requireWithin(path, local(path).toRealPath());
      return entry.kind() == Kind.DIRECTORY ? "it is a directory" : null;
    } catch (AccessDeniedException e) {
      throw e;
    } catch (NoSuchFileException e) {
      return "it does not exist";
    } catch (FileSystemException e) {
      return "it cannot be read (%s)".formatted(e.getReason());
    }
  }

  private void requireWithin(Path path, java.nio.file.Path real) {
    for (String place : within) {
      if (real.startsWith(place)) {
        return;
      }
    }
    if (!follows) {
      throw JobException.badData(
          "Cannot use %s: it is a link to %s, out of the data in %s. Remove it, or set data.follow-links = true if you trust whoever made it; checkouts of DVC and git-annex need that."
              .formatted(path, real, root));
    }
  }

  private static Kind kind(Path path, BasicFileAttributes attributes) {
    if (attributes.isOther()) {
      throw JobException.badData(
          "Cannot use %s: it must be a file, got a pipe, socket or device. Remove it."
              .formatted(path));
    }
    return attributes.isDirectory() ? Kind.DIRECTORY : Kind.FILE;
  }

  static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath()).toAbsolutePath();
  }
}
