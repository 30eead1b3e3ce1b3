package dev.featuremap.job.path;

import dev.featuremap.job.failure.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files under their own names. Hadoop's local file system cannot open a name with a colon,
 * and leaves out of a listing what it cannot look at: names that the JVM cannot decode, and links
 * to nothing. Here those are refused by {@link FileNames}, and listed as files of no bytes.
 *
 * <p>It also refuses to open what is no file, such as a pipe, which might never end.
 */
public final class ExactFileSystem extends LocalFileSystem {
  /** For Hadoop, which makes it of a configuration. */
  public ExactFileSystem() {
    super(new Raw());
  }

  private static final class Shared {
    static final FileSystem INSTANCE = make();

    private static FileSystem make() {
      try {
        FileSystem files = new ExactFileSystem();
        files.initialize(URI.create("file:///"), new Configuration(false));
        return files;
      } catch (IOException e) {
        throw new IllegalStateException("Cannot use local files.", e);
      }
    }
  }

  static FileSystem shared() {
    return Shared.INSTANCE;
  }

  @Override
  public Path getChecksumFile(Path file) {
    return PathText.child(file.getParent(), "." + file.getName() + ".crc");
  }

  private static java.nio.file.Path local(Path path) {
    String text = path.toUri().getPath();
    FileNames.require("Cannot use", "file:" + text);
    return java.nio.file.Path.of(text).toAbsolutePath();
  }

  private static final class Raw extends RawLocalFileSystem {

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      Path directory = makeQualified(path);
      java.nio.file.Path local = local(directory);
      if (!Files.isDirectory(local)) {
        return super.listStatus(directory);
      }
      List<FileStatus> found = new ArrayList<>();
      try (DirectoryStream<java.nio.file.Path> entries = Files.newDirectoryStream(local)) {
        for (java.nio.file.Path entry : entries) {
          Path child = PathText.child(directory, FileNames.of(entry));
          try {
            found.add(status(child, entry));
          } catch (NoSuchFileException e) {
            // Deleted since it was listed.
          }
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      } catch (NoSuchFileException e) {
        throw new FileNotFoundException("File %s does not exist".formatted(path));
      }
      return found.toArray(FileStatus[]::new);
    }

    private FileStatus status(Path child, java.nio.file.Path entry) throws IOException {
      BasicFileAttributes attributes;
      try {
        attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      } catch (IOException e) {
        attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isSymbolicLink()) {
          throw e;
        }
      }
      return new FileStatus(
          attributes.isRegularFile() ? attributes.size() : 0,
          attributes.isDirectory(),
          1,
          getDefaultBlockSize(child),
          attributes.lastModifiedTime().toMillis(),
          child);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      java.nio.file.Path local = local(makeQualified(path));
      try {
        if (Files.readAttributes(local, BasicFileAttributes.class).isOther()) {
          throw JobException.badData(
              "Cannot read %s: it must be a file, got a pipe, socket or device."
                  .formatted(makeQualified(path)));
        }
      } catch (NoSuchFileException e) {
        throw new FileNotFoundException("File %s does not exist".formatted(path));
      }
      return super.open(path, bufferSize);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      local(makeQualified(path));
      return super.getFileStatus(path);
    }
  }
}
