package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Tells bad data, missing input and failing storage apart when reading fails. */
public final class ReadFailure {
  private ReadFailure() {}

  /** The failure of reading {@code path}, with the exit code that fits its cause. */
  public static JobException of(Path path, IOException cause) {
    return StorageFault.unreadable(path, cause);
  }

  /** The failure of reading what a container such as a tar file holds. */
  public static JobException damaged(Path path, String container, IOException cause) {
    return new JobException(
        ExitCode.BAD_DATA,
        "Cannot read %s: its %s data are damaged or truncated (%s)."
            .formatted(path, container, cause.getMessage()),
        cause);
  }

  /** The failure of finding the file system of {@code path}. */
  public static JobException of(Path path, IllegalArgumentException cause) {
    return StorageFault.unreadable(path, cause);
  }
}
