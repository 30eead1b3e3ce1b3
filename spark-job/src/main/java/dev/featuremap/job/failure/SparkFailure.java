package dev.featuremap.job.failure;

import static dev.featuremap.job.failure.ExitCode.BAD_DATA;
import static dev.featuremap.job.failure.ExitCode.CANNOT_WRITE;
import static dev.featuremap.job.failure.ExitCode.INTERNAL;
import static dev.featuremap.job.failure.ExitCode.MISSING_INPUT;
import static dev.featuremap.job.failure.ExitCode.STORAGE_FAILED;
import static dev.featuremap.job.failure.ExitCode.USAGE;

import java.io.IOException;
import java.io.ObjectStreamException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/**
 * What an exception of Spark, of Hadoop or of a library for tables means, wherever in the chain of
 * causes the meaning is. {@link StorageFault} says what failures of storage mean; here are the
 * others: a file that cannot be read as a table, a wrong table, a full local disk of Spark's.
 *
 * <p>What is not told here is a defect, or nobody has thought of it: exit code 70.
 */
public final class SparkFailure {
  /** Spark's condition of a file that a task could not read. */
  private static final String FILE = "FAILED_READ_FILE";

  private static final Set<String> ABSENT =
      Set.of(
          "PATH_NOT_FOUND",
          "UNABLE_TO_INFER_SCHEMA",
          "TABLE_OR_VIEW_NOT_FOUND",
          "DATA_SOURCE_NOT_FOUND");

  /** Libraries whose exceptions say that bytes are not what they should be. */
  private static final List<String> FORMATS =
      List.of(
          "org.apache.parquet.",
          "shaded.parquet.",
          "org.apache.orc.",
          "org.apache.avro.",
          "org.apache.spark.sql.avro.",
          "org.apache.spark.sql.catalyst.util.",
          "org.apache.spark.sql.execution.datasources.",
          "org.apache.spark.types.variant.");

  /** Those whose exceptions say that a store does not answer. */
  private static final List<String> STORES =
      List.of("java.net.", "javax.net.", "org.apache.hadoop.", "software.amazon.");

  /** Hadoop's own classes: those of others in its jars stand for defects. */
  private static final Pattern CLIENT =
      Pattern.compile("org\\.apache\\.hadoop\\.(?!shaded|thirdparty).*");

  /** As the JDK names a file that it cannot open. */
  private static final Pattern NAMED = Pattern.compile("(/.*) \\([^()]*\\)");

  private static final Pattern CODEC =
      Pattern.compile("Class (\\S*?)(\\w+?)(Codec)? was not found");

  private SparkFailure() {}

  /** What a failure means, if that is known; a {@link JobException} in it says so itself. */
  public static Optional<JobException> explain(Throwable thrown) {
    Optional<JobException> known =
        first(thrown, JobException.class).or(() -> ofDisk(thrown)).or(() -> ofFile(thrown));
    if (known.isPresent() || causes(thrown).anyMatch(SparkFailure::isDefect)) {
      return known;
    }
    return ofStorage(thrown).or(() -> ofTable(thrown)).or(() -> ofResult(thrown));
  }

  /** Spark says no more of a result that the driver had no memory to fetch. */
  private static Optional<JobException> ofResult(Throwable thrown) {
    return causes(thrown)
        .filter(cause -> Objects.toString(cause.getMessage(), "").contains("TaskResultLost"))
        .findFirst()
        .map(
            cause ->
                new JobException(
                    INTERNAL,
                    String.format(
                        Locale.ROOT,
                        "Cannot go on: the result of a task is lost, most likely because the driver has no memory left, got a heap of %,d MiB. Raise spark.driver.memory; where workers train in the same process, lower train.batch-size or let fewer work at once by spark.task.cpus.",
                        Runtime.getRuntime().maxMemory() >> 20),
                    thrown));
  }

  /** The failure of reading a file of a table, if a cause names one. */
  public static Optional<JobException> ofFile(Throwable thrown) {
    return causes(thrown)
        .filter(cause -> condition(cause).startsWith(FILE))
        .findFirst()
        .map(cause -> unreadable(file((SparkThrowable) cause), cause));
  }

  /** The failure of reading a file as a table, or a part of one. */
  public static JobException unreadable(Path path, Throwable cause) {
    Optional<IOException> ofStore =
        causes(cause).filter(SparkFailure::isOfStore).findFirst().map(IOException.class::cast);
    return ofStore
        .map(failure -> StorageFault.unreadable(path, failure))
        .orElseGet(
            () ->
                new JobException(
                    BAD_DATA, "Cannot read %s: %s.".formatted(path, damage(path, cause)), cause));
  }

  private static Path file(SparkThrowable failure) {
    String path = Objects.toString(parameters(failure).get("path"), "a file");
    // This one condition has the path as it is.
    return SparkUri.path(failure.getCondition().endsWith("FOOTER") ? path : SparkUri.decoded(path));
  }

  private static Map<String, String> parameters(SparkThrowable failure) {
    return failure.getMessageParameters();
  }

  private static String damage(Path path, Throwable failure) {
    for (Throwable cause : causes(failure).toList()) {
      if (condition(cause).equals(FILE + ".PARQUET_COLUMN_DATA_TYPE_MISMATCH")) {
        Map<String, String> found = parameters((SparkThrowable) cause);
        return "its column %s is %s, and that of the other files is %s. Write all files with one type, or give them apart"
            .formatted(found.get("column"), found.get("actualType"), found.get("expectedType"));
      }
      Matcher codec = CODEC.matcher(Objects.toString(cause.getMessage(), ""));
      if (codec.find()) {
        return "Spark has no codec %s (%s). Write the file with another one, such as zstd or snappy, or give Spark the codec's jar"
            .formatted(
                codec.group(2).toLowerCase(Locale.ROOT),
                codec.group(1) + codec.group(2) + Objects.toString(codec.group(3), ""));
      }
    }
    return "it is damaged, or of another format (%s). Write it again, or take it away"
        .formatted(words(last(failure)).replace(path.toString(), "it"));
  }

  /**
   * True if a disk or a quota is full. Hadoop throws that of local disks as an error, and Parquet
   * wraps it; a {@link JobException} has said it already.
   */
  public static boolean isFull(Throwable thrown) {
    return !(thrown instanceof JobException) && full(thrown).isPresent();
  }

  private static Optional<Throwable> full(Throwable thrown) {
    return causes(thrown).filter(cause -> StorageFault.of(cause) == StorageFault.FULL).findFirst();
  }

  private static Optional<JobException> ofDisk(Throwable thrown) {
    return full(thrown)
        .map(
            cause ->
                new JobException(
                    CANNOT_WRITE,
                    "Cannot go on: %s is full (%s). Free space or inodes there, or set spark.local.dir to a larger disk."
                        .formatted(place(thrown), words(cause)),
                    thrown));
  }

  private static String place(Throwable thrown) {
    for (Throwable cause : causes(thrown).toList()) {
      Matcher named = NAMED.matcher(Objects.toString(cause.getMessage(), ""));
      if (cause instanceof FileSystemException failure && failure.getFile() != null) {
        return "the disk of " + failure.getFile();
      }
      if (named.matches()) {
        return "the disk of " + named.group(1);
      }
    }
    return "a local disk of Spark's (%s)".formatted(localDirectories());
  }

  private static String localDirectories() {
    return Stream.of(System.getenv("SPARK_LOCAL_DIRS"), System.getProperty("spark.local.dir"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> System.getProperty("java.io.tmpdir"));
  }

  private static Optional<JobException> ofStorage(Throwable thrown) {
    return causes(thrown)
        .filter(IOException.class::isInstance)
        .filter(cause -> StorageFault.of(cause) != StorageFault.PASSING)
        .findFirst()
        .or(() -> first(thrown, IOException.class))
        .map(
            cause -> {
              StorageFault fault = StorageFault.of(cause);
              boolean ofFile = fault == StorageFault.TRUNCATED || fault == StorageFault.NO_GZIP;
              ExitCode code = ofFile ? STORAGE_FAILED : fault.ofInput();
              String advice =
                  code == STORAGE_FAILED ? " Start the command again when storage works." : "";
              return new JobException(
                  code,
                  "Cannot go on: storage failed, %s.%s".formatted(words(cause), advice),
                  thrown);
            });
  }

  private static Optional<JobException> ofTable(Throwable thrown) {
    return causes(thrown)
        .flatMap(cause -> code(cause).map(code -> told(code, cause, thrown)).stream())
        .findFirst();
  }

  private static JobException told(ExitCode code, Throwable cause, Throwable thrown) {
    return new JobException(code, "Cannot go on: %s.".formatted(words(cause)), thrown);
  }

  private static Optional<ExitCode> code(Throwable cause) {
    String name = cause.getClass().getName();
    if (isOneOf(FORMATS, name)) {
      return Optional.of(BAD_DATA);
    }
    if (CLIENT.matcher(name).matches()) {
      return Optional.of(cause instanceof IllegalArgumentException ? USAGE : STORAGE_FAILED);
    }
    if (ABSENT.contains(condition(cause))) {
      return Optional.of(MISSING_INPUT);
    }
    if (cause instanceof AnalysisException) {
      return Optional.of(USAGE);
    }
    if (cause instanceof TimeoutException) {
      return Optional.of(STORAGE_FAILED);
    }
    // Values that Spark cannot compute with have classes of their own, and so have wrong settings.
    return cause instanceof SparkThrowable && cause instanceof RuntimeException
        ? Optional.of(
            cause instanceof IllegalArgumentException
                    || cause instanceof UnsupportedOperationException
                ? USAGE
                : BAD_DATA)
        : Optional.empty();
  }

  /** True for what is no failure of storage, whatever its class extends. */
  private static boolean isDefect(Throwable cause) {
    return cause instanceof ObjectStreamException
        || cause instanceof VirtualMachineError
        || cause instanceof LinkageError
        || condition(cause).startsWith("INTERNAL_ERROR");
  }

  private static boolean isOfStore(Throwable cause) {
    return cause instanceof IOException failure
        && (StorageFault.of(failure) != StorageFault.PASSING
            ? StorageFault.of(failure) != StorageFault.TRUNCATED
                && StorageFault.of(failure) != StorageFault.NO_GZIP
            : isOneOf(STORES, cause.getClass().getName()));
  }

  private static boolean isOneOf(List<String> packages, String name) {
    return packages.stream().anyMatch(name::startsWith);
  }

  private static String condition(Throwable failure) {
    return failure instanceof SparkThrowable spark
        ? Objects.toString(spark.getCondition(), "")
        : "";
  }

  /** The first line of what an exception says, without the full stop at its end. */
  private static String words(Throwable failure) {
    String message = Objects.toString(failure.getMessage(), "").strip();
    String line = message.lines().findFirst().orElse(failure.getClass().getSimpleName());
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static Throwable last(Throwable failure) {
    return causes(failure).reduce((outer, inner) -> inner).orElse(failure);
  }

  private static <T> Optional<T> first(Throwable failure, Class<T> type) {
    return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
