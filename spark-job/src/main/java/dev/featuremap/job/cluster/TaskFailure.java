package dev.featuremap.job.cluster;

import dev.featuremap.job.failure.JobException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds in a failed Spark job what a task had to say.
 *
 * <p>Spark tries a task again, by default up to four times in all, whatever it fails with, then
 * throws a {@code SparkException} whose message is a stack trace in text. The exception of the last
 * attempt is its cause, from executors in other processes too, as long as that exception and its
 * own causes are serializable.
 */
public final class TaskFailure {
  private TaskFailure() {}

  /** The failure that a task threw for the user, if {@code failure} is or carries one. */
  public static Optional<JobException> find(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(JobException.class::isInstance)
        .map(JobException.class::cast)
        .findFirst();
  }
}
