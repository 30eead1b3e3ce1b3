package dev.featuremap.job.storage;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
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
 * <p>Every failure is a {@link JobException} with the code that {@link StorageFault} has for it: 73
 * when something cannot be written, 66 when it cannot be read, 64 when nobody knows the store's
 * host; 74 when the store kept failing until the deadline of the {@link Retries}. Something that is
 * missing is a result, not a failure. Safe for use by several threads.
 */
public final class Storage {
  private final FileSystem fileSystem;
  private final StorageBackend backend;
  private final Retries retries;

  /** Apart, for a store may list and read while it takes nothing: HDFS in safe mode does. */
  private final Outage outageOfReads = new Outage();

  private final Outage outageOfWrites = new Outage();

  private Storage(FileSystem fileSystem, StorageBackend backend, Retries retries) {
    this.fileSystem = fileSystem;
    this.backend = backend;
    this.retries = retries;
  }

  /** The store of {@code root} with {@link Retries#DEFAULT}; paths given to it belong there too. */
  public static Storage of(Path root, Configuration configuration) {
    return of(root, configuration, Retries.DEFAULT);
  }

  /** The local store with another way to its files. */
  static Storage local(LocalBackend backend, Configuration configuration) throws IOException {
    return new Storage(FileSystem.getLocal(configuration), backend, Retries.DEFAULT);
  }

  /** The store of {@code root} with its own patience. */
  public static Storage of(Path root, Configuration configuration, Retries retries) {
    try {
      StorageFault.requireStore("use", root);
      FileSystem fileSystem = FileSystems.of(root, configuration);
      StorageBackend backend =
          fileSystem.getUri().getScheme().equals("file")
              ? new LocalBackend()
              : new HadoopBackend(fileSystem, configuration);
      return new Storage(fileSystem, backend, retries);
    } catch (IOException | IllegalArgumentException e) {
      // Hadoop reports a host that does not resolve as an illegal argument.
      boolean unknown = StorageFault.of(e) == StorageFault.UNKNOWN_HOST;
      throw new JobException(
          unknown ? ExitCode.USAGE : ExitCode.CANNOT_WRITE,
          "Cannot open the store of %s: %s.".formatted(root, e),
          e);
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
    writing("write", path, done(() -> backend.write(path, content)));
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
    writing("replace", path, done(() -> backend.replace(path, content)));
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
    writing("delete", path, done(() -> backend.delete(path)));
  }

  /** What is done with Hadoop's own client of a store. */
  @FunctionalInterface
  public interface HadoopUse<T> {
    /** Does it; may be called again after a failure. */
    T with(FileSystem files) throws IOException;
  }

  /**
   * Does with Hadoop's own client what only that can do, such as reading a local file against the
   * checksum beside it, or moving one, with this store's patience.
   *
   * @param action what is done, for messages
   * @throws IOException a failure that another attempt cannot cure
   */
  public <T> T byHadoop(String action, Path path, HadoopUse<T> use) throws IOException {
    return retries.run(outageOfWrites, action, path, () -> use.with(fileSystem));
  }

  /**
   * Makes sure that objects can be created and deleted in a directory, and that the store keeps the
   * first of two creations of one name that overlap in time.
   *
   * @throws JobException with exit code 73 and the store's reason when it is not so
   */
  public void probe(Path directory) {
    Path path = PathText.child(directory, "probe-" + UUID.randomUUID());
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
      creation.begun = object.isOwned();
      return object;
    } catch (IOException failure) {
      creation.doubtful |= !StorageFault.of(failure).isPresence();
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
        IOException decisive =
            StorageFault.of(unreadable) == StorageFault.ABSENT ? failure : unreadable;
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
        "Cannot create %s: the store must take it whole, got %s of %s bytes (%s). Submit the same command again when the store works."
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

  /** Something that returns nothing. */
  private interface Change {
    void make() throws IOException;
  }

  private static Retries.Attempt<Void> done(Change change) {
    return () -> {
      change.make();
      return null;
    };
  }

  private <T> T writing(String action, Path path, Retries.Attempt<T> attempt) {
    try {
      return retries.run(outageOfWrites, action, path, attempt);
    } catch (IOException e) {
      StorageFault fault = StorageFault.of(e);
      String advice = "Check that the place exists and that this user may create and delete there.";
      throw failure(fault, fault.ofOutput(), action, path, e, advice);
    }
  }

  private <T> Optional<T> reading(String action, Path path, Retries.Attempt<T> attempt) {
    try {
      return Optional.of(retries.run(outageOfReads, action, path, attempt));
    } catch (IOException e) {
      StorageFault fault = StorageFault.of(e);
      if (fault == StorageFault.ABSENT) {
        return Optional.empty();
      }
      String advice = "Check that this user may read there.";
      throw failure(fault, fault.ofObject(), action, path, e, advice);
    }
  }

  private static JobException failure(
      StorageFault fault,
      ExitCode code,
      String action,
      Path path,
      IOException cause,
      String advice) {
    String check =
        switch (fault) {
          case UNKNOWN_HOST -> "Check the host in the path, or in the settings of its store.";
          case FULL -> "Its disk or quota is full: free space or inodes, or give another place.";
          default -> advice;
        };
    return new JobException(
        code, "Cannot %s %s: %s. %s".formatted(action, path, cause, check), cause);
  }
}
