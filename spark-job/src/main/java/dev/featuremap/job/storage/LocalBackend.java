package dev.featuremap.job.storage;

import dev.featuremap.job.path.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The local file system, and what is mounted in it, by system calls that are atomic.
 *
 * <p>Hadoop's own local file system looks whether a file exists and then opens it, which lets two
 * writers in. Here every file is written under a temporary name and forced to the disk; then a hard
 * link makes it appear whole under a new name, or a rename replaces the old one. Where there are no
 * hard links, a new name is its beginner's, and the content follows, as on HDFS.
 */
final class LocalBackend implements StorageBackend {
  /** What systems say of a place whose files cannot have two names, or directories be forced. */
  private static final Pattern UNSUPPORTED =
      Pattern.compile("not (supported|permitted|implemented)|[Ii]nvalid argument|Is a directory");

  private final Linker linker;
  private volatile Optional<Boolean> links = Optional.empty();

  /** Gives a file a second name, or fails when there is one of it. */
  @FunctionalInterface
  interface Linker {
    void link(Path name, Path file) throws IOException;
  }

  LocalBackend() {
    this(Files::createLink);
  }

  LocalBackend(Linker linker) {
    this.linker = linker;
  }

  @Override
  public NewObject begin(org.apache.hadoop.fs.Path path) throws IOException {
    Path target = local(path);
    if (Files.exists(target)) {
      // Saves forcing content to the disk in vain; the link below is what decides.
      throw new FileAlreadyExistsException(target.toString());
    }
    return hasLinks(target) ? new Linked(target) : Exclusive.begin(target);
  }

  /** A name that whoever links it first gets with its whole content. */
  private final class Linked implements NewObject {
    private final Path target;

    Linked(Path target) {
      this.target = target;
    }

    @Override
    public void finish(byte[] content) throws IOException {
      Path temporary = writeTemporary(target, output -> output.write(content));
      try {
        linker.link(target, temporary);
      } finally {
        Files.delete(temporary);
      }
      forceDirectory(target);
    }

    @Override
    public boolean isOwned() {
      return false;
    }
  }

  /** A name that is its beginner's, as on HDFS: the content follows. */
  private record Exclusive(Path target, FileChannel channel) implements NewObject {
    static Exclusive begin(Path target) throws IOException {
      Files.createDirectories(target.getParent());
      return new Exclusive(
          target,
          FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public void finish(byte[] content) throws IOException {
      try (OutputStream output = Channels.newOutputStream(channel)) {
        output.write(content);
        channel.force(true);
      }
      forceDirectory(target);
    }
  }

  /** Mounts of SMB, of object stores and of memory cards have no hard links. */
  private boolean hasLinks(Path target) throws IOException {
    if (links.isEmpty()) {
      links = Optional.of(tryLink(target));
    }
    return links.get();
  }

  private boolean tryLink(Path target) throws IOException {
    Path file = writeTemporary(target, output -> {});
    Path name = target.resolveSibling(".%s.tmp".formatted(UUID.randomUUID()));
    try {
      linker.link(name, file);
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (FileSystemException e) {
      if (isUnsupported(e)) {
        return false;
      }
      throw e;
    } finally {
      Files.deleteIfExists(name);
      Files.delete(file);
    }
  }

  private static boolean isUnsupported(IOException failure) {
    return UNSUPPORTED.matcher(Objects.toString(failure.getMessage(), "")).find();
  }

  @Override
  public void write(org.apache.hadoop.fs.Path path, ContentWriter content) throws IOException {
    Path target = local(path);
    Path temporary = writeTemporary(target, content);
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(target);
  }

  @Override
  public void replace(org.apache.hadoop.fs.Path path, byte[] content) throws IOException {
    write(path, output -> output.write(content));
  }

  @Override
  public InputStream open(org.apache.hadoop.fs.Path path) throws IOException {
    Path file = local(path);
    try {
      return Files.newInputStream(file);
    } catch (FileSystemException e) {
      throw isBelowAFile(file) ? new NoSuchFileException(file.toString()) : e;
    }
  }

  /** The system has a failure of its own for a place that is not there in this way. */
  private static boolean isBelowAFile(Path path) {
    Path parent = path.getParent();
    while (parent != null && !Files.exists(parent)) {
      parent = parent.getParent();
    }
    return parent != null && !Files.isDirectory(parent);
  }

  @Override
  public List<String> list(org.apache.hadoop.fs.Path directory) throws IOException {
    Path place = local(directory);
    try (Stream<Path> children = Files.list(place)) {
      return children.map(child -> child.getFileName().toString()).toList();
    } catch (FileSystemException e) {
      throw isBelowAFile(place) ? new NoSuchFileException(place.toString()) : e;
    }
  }

  @Override
  public void delete(org.apache.hadoop.fs.Path path) throws IOException {
    Path root = local(path);
    if (Files.notExists(root)) {
      return;
    }
    try (Stream<Path> below = Files.walk(root)) {
      for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path writeTemporary(Path target, ContentWriter content) throws IOException {
    Files.createDirectories(target.getParent());
    // Without the target's name: who follows a directory by names must not take it for a file.
    Path temporary = target.resolveSibling(".%s.tmp".formatted(UUID.randomUUID()));
    try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream output = Channels.newOutputStream(channel)) {
      content.writeTo(output);
      channel.force(true);
    } catch (IOException | RuntimeException | Error failure) {
      Files.deleteIfExists(temporary);
      throw failure;
    }
    return temporary;
  }

  /** Makes the name itself survive a power failure; Windows has no such operation. */
  private static void forceDirectory(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      } catch (IOException e) {
        // Network mounts may have no such operation either.
        if (!isUnsupported(e)) {
          throw e;
        }
      }
    }
  }

  private static Path local(org.apache.hadoop.fs.Path path) {
    FileNames.require("Cannot use", path.toString());
    return Path.of(path.toUri().getPath()).toAbsolutePath();
  }
}
