package dev.featuremap.job.failure;

import static dev.featuremap.job.failure.ExitCode.BAD_DATA;
import static dev.featuremap.job.failure.ExitCode.CANNOT_WRITE;
import static dev.featuremap.job.failure.ExitCode.MISSING_INPUT;
import static dev.featuremap.job.failure.ExitCode.STORAGE_FAILED;
import static dev.featuremap.job.failure.ExitCode.USAGE;
import static dev.featuremap.job.failure.StorageFault.Waiting.HELPS;
import static dev.featuremap.job.failure.StorageFault.Waiting.HELPS_LATER;
import static dev.featuremap.job.failure.StorageFault.Waiting.IS_VAIN;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.DiskChecker;

/**
 * What a failure of storage means: whether waiting mends it, and the exit code, for whoever asks.
 *
 * <p>The columns: does another attempt help; the code when an input that the user named cannot be
 * read, when an object of a store cannot, and when something cannot be written; and what a message
 * about an input says, with the failure's message and its text.
 *
 * <p>A host that nobody knows is a wrong setting, {@link ExitCode#USAGE}, whichever option names
 * it: no waiting mends a typing error. A store that has answered has the right name, though; where
 * it is unknown later, the name service is out for a moment, and that is waited for.
 *
 * <p>A new meaning is a row, before those that would take it for theirs.
 */
public enum StorageFault {
  /** The disk or the quota is full, or has no inodes left: nothing that a pause would mend. */
  FULL(
      IS_VAIN,
      CANNOT_WRITE,
      CANNOT_WRITE,
      CANNOT_WRITE,
      "its disk or quota is full (%1$s). Free space or inodes there"),
  DENIED(IS_VAIN, MISSING_INPUT, MISSING_INPUT, CANNOT_WRITE, "permission is denied"),
  ABSENT(IS_VAIN, MISSING_INPUT, MISSING_INPUT, CANNOT_WRITE, "it does not exist"),
  /** The name is another's. */
  TAKEN(IS_VAIN, STORAGE_FAILED, MISSING_INPUT, CANNOT_WRITE, "%2$s"),
  /** Of HDFS: another is about to create the name, and may give up. */
  BEING_TAKEN(HELPS, STORAGE_FAILED, STORAGE_FAILED, STORAGE_FAILED, "%2$s"),
  NO_FILE_SYSTEM(
      IS_VAIN, USAGE, MISSING_INPUT, CANNOT_WRITE, "no file system is installed for its scheme"),
  UNKNOWN_HOST(HELPS_LATER, USAGE, USAGE, USAGE, "its host is unknown"),
  /** Not what was written: its checksum says so. */
  ROTTEN(
      IS_VAIN,
      BAD_DATA,
      MISSING_INPUT,
      CANNOT_WRITE,
      "its checksum tells that its bytes have changed (%1$s)"),
  /** The path is of another kind, or the store refuses it. */
  REFUSED(IS_VAIN, STORAGE_FAILED, MISSING_INPUT, CANNOT_WRITE, "%2$s"),
  /**
   * The file of a user; a store's answer that breaks off looks the same, and may be whole later.
   */
  TRUNCATED(HELPS, BAD_DATA, STORAGE_FAILED, STORAGE_FAILED, "it is truncated (%1$s)"),
  NO_GZIP(
      HELPS,
      BAD_DATA,
      STORAGE_FAILED,
      STORAGE_FAILED,
      "its name ends in .gz, but it is not a sound gzip file (%1$s)"),
  /** Anything else: the store is busy, or away. */
  PASSING(HELPS, STORAGE_FAILED, STORAGE_FAILED, STORAGE_FAILED, "%2$s");

  /** Whether another attempt may succeed. */
  enum Waiting {
    IS_VAIN,
    /** Once the store has answered. */
    HELPS_LATER,
    HELPS
  }

  /** What Hadoop says of a scheme that it knows without having its classes. */
  private static final Pattern NO_CLASS = Pattern.compile("Class .*FileSystem not found");

  /** What systems say of a disk without space or inodes, and of a quota, in English. */
  private static final Pattern NO_SPACE =
      Pattern.compile(
          "No space left on device|[Qq]uota exceeded|not enough space on the disk|No inodes");

  /** Those of the web, whose clients in Hadoop can open a file, but neither list nor write. */
  private static final Set<String> WEB = Set.of("http", "https", "ftp");

  private final Waiting waiting;
  private final ExitCode input;
  private final ExitCode object;
  private final ExitCode output;
  private final String words;

  StorageFault(Waiting waiting, ExitCode input, ExitCode object, ExitCode output, String words) {
    this.waiting = waiting;
    this.input = input;
    this.object = object;
    this.output = output;
    this.words = words;
  }

  /** What a failure means. */
  public static StorageFault of(Throwable failure) {
    return Stream.of(values()).filter(fault -> fault.covers(failure)).findFirst().orElse(PASSING);
  }

  private boolean covers(Throwable failure) {
    return switch (this) {
      case FULL ->
          isOne(
                  failure,
                  ClusterStorageCapacityExceededException.class,
                  DiskChecker.DiskOutOfSpaceException.class)
              || (isOfSystem(failure) && saysFull(text(failure), FullDevice.WORDS));
      // Who has no Kerberos ticket meets the refusal as a cause of a failed connection. What the
      // JDK cannot open is "not found", whatever the system said.
      case DENIED ->
          isOne(failure, AccessDeniedException.class)
              || causes(failure).anyMatch(AccessControlException.class::isInstance)
              || (failure instanceof FileNotFoundException
                  && text(failure).endsWith("(Permission denied)"));
      case ABSENT -> isOne(failure, FileNotFoundException.class, NoSuchFileException.class);
      case TAKEN ->
          isOne(
              failure,
              FileAlreadyExistsException.class,
              java.nio.file.FileAlreadyExistsException.class);
      case BEING_TAKEN ->
          failure instanceof RemoteException remote
              && remote.getClassName().endsWith(".AlreadyBeingCreatedException");
      case NO_FILE_SYSTEM ->
          isOne(failure, UnsupportedFileSystemException.class)
              || (failure instanceof ClassNotFoundException
                  && NO_CLASS.matcher(failure.getMessage()).matches());
      // Clients of HDFS and S3 wrap it, each in its own way.
      case UNKNOWN_HOST -> causes(failure).anyMatch(UnknownHostException.class::isInstance);
      case ROTTEN -> isOne(failure, ChecksumException.class);
      case REFUSED ->
          isOne(
              failure,
              FileSystemException.class,
              PathIOException.class,
              ParentNotDirectoryException.class);
      // The client of S3 has one of its own for a connection that ends.
      case TRUNCATED ->
          isOne(failure, EOFException.class)
              && !failure.getClass().getSimpleName().startsWith("HttpChannel");
      case NO_GZIP -> isOne(failure, ZipException.class);
      case PASSING -> true;
    };
  }

  /**
   * True for the words of a full disk.
   *
   * @param words those of this system, in the language of its locale; empty if they are unknown
   */
  static boolean saysFull(String text, String words) {
    return NO_SPACE.matcher(text).find() || (!words.isEmpty() && text.contains(words));
  }

  /** Linux has a device that is always full: so it says what it says of a disk. */
  private static final class FullDevice {
    static final String WORDS = words();

    private static String words() {
      java.nio.file.Path device = java.nio.file.Path.of("/dev/full");
      try (OutputStream out = Files.newOutputStream(device, StandardOpenOption.WRITE)) {
        out.write(0);
        return "";
      } catch (NoSuchFileException | AccessDeniedException e) {
        return "";
      } catch (IOException e) {
        return text(e);
      }
    }
  }

  private static boolean isOfSystem(Throwable failure) {
    return isOne(failure, IOException.class, FSError.class);
  }

  private static String text(Throwable failure) {
    return Objects.toString(failure.getMessage(), "");
  }

  private static boolean isOne(Throwable failure, Class<?>... types) {
    return List.of(types).stream().anyMatch(type -> type.isInstance(failure));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /**
   * True for a failure that another attempt may mend.
   *
   * @param answered whether the store has answered before
   */
  public boolean passes(boolean answered) {
    return waiting == HELPS || (waiting == HELPS_LATER && answered);
  }

  /** True when a failure says that the name is taken. */
  public boolean isPresence() {
    return this == TAKEN || this == BEING_TAKEN;
  }

  /** The exit code when an input that the user named cannot be read. */
  public ExitCode ofInput() {
    return input;
  }

  /** The exit code when an object of a store cannot be read. */
  public ExitCode ofObject() {
    return object;
  }

  /** The exit code when something cannot be written. */
  public ExitCode ofOutput() {
    return output;
  }

  /** The failure of reading an input, with the exit code and the words that fit its cause. */
  public static JobException unreadable(Path path, IOException cause) {
    StorageFault fault = ofInput(path, cause);
    String advice = fault == ROTTEN ? adviceOnChecksum(path) : "";
    return new JobException(
        fault.input,
        "Cannot read %s: %s%s."
            .formatted(path, fault.words.formatted(cause.getMessage(), cause), advice),
        cause);
  }

  /**
   * What the failure of reading an input means. That a local file may not be read, the system says
   * in words of its language; so it is asked again.
   */
  public static StorageFault ofInput(Path path, IOException cause) {
    StorageFault fault = of(cause);
    return (fault == ABSENT || fault == PASSING) && isLocal(path) && isDenied(path)
        ? DENIED
        : fault;
  }

  private static boolean isDenied(Path path) {
    try {
      java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
      Files.readAttributes(file, BasicFileAttributes.class);
      return !Files.isReadable(file);
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private static String adviceOnChecksum(Path path) {
    Path checksum = new Path(path.getParent(), new Path(null, null, "." + path.getName() + ".crc"));
    return isLocal(path) || isThere(checksum)
        ? ". If the file is right, delete %s, which holds its older checksum; else fetch the file again"
            .formatted(checksum)
        : "";
  }

  /** True for a local file that is named without its scheme. */
  private static boolean isThere(Path path) {
    return path.toUri().getScheme() == null
        && Files.exists(java.nio.file.Path.of(path.toUri().getPath()));
  }

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  /**
   * Does nothing for a path of a file system.
   *
   * @param action what is to be done to it, for messages: {@code read}
   * @throws JobException with {@code USAGE} for one on a server that is none
   */
  public static void requireStore(String action, Path path) {
    String scheme = Objects.toString(path.toUri().getScheme(), "").toLowerCase(Locale.ROOT);
    if (WEB.contains(scheme)) {
      throw JobException.usage(
          "Cannot %s %s: %s: is no file system that can be listed and written. %s"
              .formatted(
                  action,
                  path,
                  scheme,
                  "Download the files and give their path, or copy them to a store such as s3a: or hdfs:."));
    }
  }

  /** The failure of finding the file system of an input. */
  public static JobException unreadable(Path path, IllegalArgumentException cause) {
    return new JobException(
        USAGE,
        "Cannot read %s: its file system refuses it (%s). Check its scheme and host: local paths take three slashes, file:///data."
            .formatted(path, cause.getMessage()),
        cause);
  }
}
