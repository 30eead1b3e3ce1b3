package dev.featuremap.job.storage;

import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The small door to the store that holds a run: whole objects by name, and one atomic operation.
 *
 * <p>Every failure is a {@link JobException}: 73 when something cannot be written, 66 when it
 * cannot be read, 74 when the store kept failing until the deadline of the {@link Retries}.
 * Something that is missing is a result, not a failure. Safe for use by several threads.
 */
public final class Storage {
  private final StorageBackend backend;
  private final Retries retries;

  /** Apart, for a store may list and read while it takes nothing: HDFS in safe mode does. */
  private final Outage outageOfReads = new Outage();

  private final Outage outageOfWrites = new Outage();

  private Storage(StorageBackend backend, Retries retries) {
    this.backend = backend;
    this.retries = retries;
  }

  /** The store of {@code root} with {@link Retries#DEFAULT}; paths given to it belong there too. */
  public static Storage of(Path root, Configuration configuration) {
    return of(root, configuration, Retries.DEFAULT);
  }

  /** The store of {@code root} with its own patience. */
  public static Storage of(Path root, Configuration configuration, Retries retries) {
    try {
      FileSystem fileSystem = root.getFileSystem(configuration);
      StorageBackend backend =
          fileSystem.getUri().getScheme().equals("file")
              ? new LocalBackend()
              : new HadoopBackend(fileSystem, configuration);
      return new Storage(backend, retries);
    } catch (IOException | IllegalArgumentException e) {
      // Hadoop reports a host that does not resolve as an illegal argument.
      throw JobException.cannotWrite("Cannot open the store of %s: %s.".formatted(root, e), e);
    }
  }

  /**
   * Creates an object with this content, unless there is one: of several racing writers exactly one
   * gets true.
   *
   * <p>True also when the object that is there has exactly this content. A client that lost an
   * answer tries again and meets its own object; therefore racing writers must put something unique
   * into the content.
   *
   * @throws TornObjectException when the store gave this writer the name and then tore the content
   */
  public boolean createIfAbsent(Path path, byte[] content) {
    Creation creation = new Creation();
    return writing("create", path, () -> createOrCompare(path, content, creation));
  }

  /** Writes an object; it may be seen half-written, so its name must be new and told afterwards. */
  public void write(Path path, ContentWriter content) {
    writing(
        "write",
        path,
        () -> {
          backend.write(path, content);
          return null;
        });
  }

  /** Writes an object as {@link #write} does, and digests what is written. */
  ContentDigest writeDigested(Path path, ContentWriter content) {
    return writing(
        "write",
        path,
        () -> {
          AtomicReference<ContentDigest> digest = new AtomicReference<>();
          backend.write(path, output -> digest.set(ContentDigest.writing(output, content)));
          return digest.get();
        });
  }

  /** Writes or replaces a small file; readers see the old or the new content, never a part. */
  public void replace(Path path, byte[] content) {
    writing(
        "replace",
        path,
        () -> {
          backend.replace(path, content);
          return null;
        });
  }

  /** What {@code reader} makes of an object, or nothing when there is no such object. */
  public <T> Optional<T> read(Path path, ContentReader<T> reader) {
    return reading(
        "read",
        path,
        () -> {
          try (InputStream input = backend.open(path)) {
            return reader.readFrom(input);
          }
        });
  }

  /** The names directly below a directory in ascending order; none when it does not exist. */
  public List<String> list(Path directory) {
    return reading("list", directory, () -> backend.list(directory).stream().sorted().toList())
        .orElse(List.of());
  }

  /** Deletes a file, or a directory with everything below it; a missing one is fine. */
  public void delete(Path path) {
    writing(
        "delete",
        path,
        () -> {
          backend.delete(path);
          return null;
        });
  }

  /**
   * Makes sure that objects can be created and deleted in a directory, and that the store keeps the
   * first of two creations of one name that overlap in time.
   *
   * @throws JobException with exit code 73 and the store's reason when it is not so
   */
  public void probe(Path directory) {
    Path path = new Path(directory, "probe-" + UUID.randomUUID());
    boolean safe = writing("write to", directory, () -> keepsTheFirst(path));
    delete(path);
    if (!safe) {
      throw JobException.cannotWrite(
          "Cannot use %s for a run: its store must refuse to create a name twice, got two creations of %s that both succeeded. Choose a store with atomic create (HDFS, S3 with conditional writes, a local disk)."
              .formatted(directory, path.getName()),
          null);
    }
  }

  /** What earlier attempts at a creation may have left. For one thread. */
  private static final class Creation {
    /** True once the store has given the name to this writer. */
    private boolean begun;

    /** True once it may have given the name and the answer was lost. */
    private boolean doubtful;
  }

  private StorageBackend.NewObject begin(Path path, Creation creation) throws IOException {
    try {
      StorageBackend.NewObject object = backend.begin(path);
      creation.begun = true;
      return object;
    } catch (IOException failure) {
      creation.doubtful |= !StorageBackend.isPresence(failure);
      throw failure;
    }
  }

  private boolean createOrCompare(Path path, byte[] content, Creation creation) throws IOException {
    try {
      begin(path, creation).finish(content);
      return true;
    } catch (IOException failure) {
      // Stores refuse in many ways and at different moments; what is there decides.
      try (InputStream input = backend.open(path)) {
        byte[] there = input.readNBytes(content.length + 1);
        if (creation.begun && isTorn(there, content)) {
          throw torn(path, there, content, failure);
        }
        if (creation.doubtful && isTorn(there, content)) {
          // Another writer's content is about to come; this writer's own never will.
          throw new IOException("nobody has written what shall be in it", failure);
        }
        return Arrays.equals(there, content);
      } catch (IOException unreadable) {
        IOException decisive = StorageBackend.isAbsence(unreadable) ? failure : unreadable;
        decisive.addSuppressed(decisive == failure ? unreadable : failure);
        throw decisive;
      }
    }
  }

  /** A store that gives a name to whoever begins shows so much of what its beginner wrote. */
  private static boolean isTorn(byte[] there, byte[] content) {
    return there.length < content.length
        && Arrays.equals(there, Arrays.copyOf(content, there.length));
  }

  private static TornObjectException torn(
      Path path, byte[] there, byte[] content, IOException failure) {
    return new TornObjectException(
        "Cannot create %s: the store must take it whole, got %d of %d bytes (%s). Submit the same command again when the store works."
            .formatted(path, there.length, content.length, failure),
        failure);
  }

  private boolean keepsTheFirst(Path path) throws IOException {
    backend.delete(path);
    byte[] content = {1};
    StorageBackend.NewObject first = backend.begin(path);
    StorageBackend.NewObject second;
    try {
      second = backend.begin(path);
    } catch (IOException refused) {
      first.finish(content);
      return true;
    }
    first.finish(content);
    try {
      second.finish(new byte[] {2});
      return false;
    } catch (IOException refused) {
      try (InputStream there = backend.open(path)) {
        return Arrays.equals(there.readAllBytes(), content);
      }
    }
  }

  private <T> T writing(String action, Path path, Retries.Attempt<T> attempt) {
    try {
      return retries.run(outageOfWrites, action, path, attempt);
    } catch (IOException e) {
      throw JobException.cannotWrite(
          "Cannot %s %s: %s. Check that the place exists and that this user may create and delete there."
              .formatted(action, path, e),
          e);
    }
  }

  private <T> Optional<T> reading(String action, Path path, Retries.Attempt<T> attempt) {
    try {
      return Optional.of(retries.run(outageOfReads, action, path, attempt));
    } catch (IOException e) {
      if (StorageBackend.isAbsence(e)) {
        return Optional.empty();
      }
      throw JobException.missingInput(
          "Cannot %s %s: %s. Check that this user may read there.".formatted(action, path, e), e);
    }
  }
}
