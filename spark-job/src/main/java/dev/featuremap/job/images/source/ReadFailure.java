package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** Tells bad data, missing input and failing storage apart when reading fails. */
public final class ReadFailure {
  private ReadFailure() {}

  /** The failure of reading {@code path}, with the exit code that fits its cause. */
  public static JobException of(Path path, IOException cause) {
    if (cause instanceof FileNotFoundException) {
      return failure(ExitCode.MISSING_INPUT, path, "it does not exist", cause);
    }
    if (cause instanceof AccessDeniedException || cause instanceof AccessControlException) {
      return failure(ExitCode.MISSING_INPUT, path, "permission is denied", cause);
    }
    if (cause instanceof UnsupportedFileSystemException) {
      return failure(ExitCode.USAGE, path, "no file system is installed for its scheme", cause);
    }
    if (cause instanceof UnknownHostException) {
      return failure(ExitCode.USAGE, path, "its host is unknown", cause);
    }
    if (cause instanceof EOFException) {
      return failure(
          ExitCode.BAD_DATA, path, "it is truncated (%s)".formatted(cause.getMessage()), cause);
    }
    if (cause instanceof ZipException) {
      return failure(
          ExitCode.BAD_DATA,
          path,
          "its name ends in .gz, but it is not a sound gzip file (%s)"
              .formatted(cause.getMessage()),
          cause);
    }
    return failure(ExitCode.STORAGE_FAILED, path, cause.toString(), cause);
  }

  /** The failure of reading what a container such as a tar file holds. */
  public static JobException damaged(Path path, String container, IOException cause) {
    return failure(
        ExitCode.BAD_DATA,
        path,
        "its %s data are damaged or truncated (%s)".formatted(container, cause.getMessage()),
        cause);
  }

  /** The failure of finding the file system of {@code path}. */
  public static JobException of(Path path, IllegalArgumentException cause) {
    return new JobException(
        ExitCode.USAGE,
        "Cannot read %s: its file system refuses it (%s). Check its scheme and host: local paths take three slashes, file:///data."
            .formatted(path, cause.getMessage()),
        cause);
  }

  private static JobException failure(ExitCode exitCode, Path path, String why, IOException cause) {
    return new JobException(exitCode, "Cannot read %s: %s.".formatted(path, why), cause);
  }
}
