package dev.featuremap.job.storage;

import dev.featuremap.job.path.PathText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Any file system that Hadoop knows, by its conditional create.
 *
 * <p>HDFS gives a name to whoever begins first, and the content follows; S3 gives it to whoever
 * finishes first, with the whole content. One builder call asks both for it. The plain {@code
 * create(path, false)} does not: on S3 it lets several writers in.
 */
final class HadoopBackend implements StorageBackend {
  private final FileSystem fileSystem;
  private final Optional<FileContext> renaming;

  /** Uses {@code fileSystem}, which Hadoop shares with others: it is never closed here. */
  HadoopBackend(FileSystem fileSystem, Configuration configuration) throws IOException {
    this.fileSystem = fileSystem;
    this.renaming = renaming(fileSystem, configuration);
  }

  @Override
  public NewObject begin(Path path) throws IOException {
    FSDataOutputStream stream = create(path, false);
    return content -> finish(stream, output -> output.write(content));
  }

  @Override
  public void write(Path path, ContentWriter content) throws IOException {
    finish(create(path, true), content);
  }

  @Override
  public void replace(Path path, byte[] content) throws IOException {
    if (renaming.isEmpty()) {
      write(path, output -> output.write(content));
      return;
    }
    // Without the target's name: who follows a directory by names must not take it for a file.
    Path temporary = PathText.child(path.getParent(), ".%s.tmp".formatted(UUID.randomUUID()));
    write(temporary, output -> output.write(content));
    renaming.get().rename(temporary, path, Options.Rename.OVERWRITE);
  }

  @Override
  public InputStream open(Path path) throws IOException {
    return fileSystem.open(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    RemoteIterator<FileStatus> children = fileSystem.listStatusIterator(directory);
    while (children.hasNext()) {
      names.add(children.next().getPath().getName());
    }
    return names;
  }

  @Override
  public void delete(Path path) throws IOException {
    fileSystem.delete(path, true);
  }

  private FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(path);
    builder.recursive();
    builder.overwrite(overwrite);
    if (!overwrite) {
      builder.opt(Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    }
    return builder.build();
  }

  /** The context whose rename replaces a file, for stores where a half-written file is seen. */
  private static Optional<FileContext> renaming(FileSystem fileSystem, Configuration configuration)
      throws IOException {
    if (fileSystem.hasPathCapability(PathText.parse("/"), StreamCapabilities.ABORTABLE_STREAM)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FileContext.getFileContext(fileSystem.getUri(), configuration));
    } catch (UnsupportedFileSystemException e) {
      return Optional.empty();
    }
  }

  private static void finish(FSDataOutputStream stream, ContentWriter content) throws IOException {
    try {
      content.writeTo(stream);
      if (stream.hasCapability(StreamCapabilities.HSYNC)) {
        stream.hsync();
      }
    } catch (IOException | RuntimeException | Error failure) {
      abandon(stream, failure);
      throw failure;
    }
    stream.close();
  }

  private static void abandon(FSDataOutputStream stream, Throwable failure) {
    try {
      if (stream.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        stream.abort();
      } else {
        stream.close();
      }
    } catch (IOException e) {
      // A stream of HDFS that has failed closes with the same failure.
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }
}
