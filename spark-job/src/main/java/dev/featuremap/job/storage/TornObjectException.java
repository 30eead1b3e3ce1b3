package dev.featuremap.job.storage;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;

/**
 * The store gave a writer the name of a new object and then tore its content: exit code 74. The
 * name stays taken, and whoever reads it finds it broken.
 */
public final class TornObjectException extends JobException {
  private static final long serialVersionUID = 1L;

  TornObjectException(String message, Throwable cause) {
    super(ExitCode.STORAGE_FAILED, message, cause);
  }
}
