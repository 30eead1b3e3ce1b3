package dev.featuremap.job.cli;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkFailure;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.spec.SpecException;
import dev.featuremap.spec.Visible;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkException;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;

/**
 * How a command ended that did not end well.
 *
 * @param code the exit code
 * @param message what a person reads
 * @param cause what was thrown
 * @param isForeseen true when the message says all there is to say
 */
record Failure(ExitCode code, String message, Throwable cause, boolean isForeseen) {
  /** Finds the exception that a person can understand, which may have been wrapped since. */
  static Failure of(Throwable thrown) {
    boolean ofTask = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      ofTask |= cause instanceof SparkException;
      if (cause instanceof JobException known) {
        return new Failure(known.exitCode(), known.getMessage(), thrown, true);
      }
      if (cause instanceof SpecException spec) {
        return new Failure(ExitCode.USAGE, list(spec.problems()), thrown, true);
      }
      if (cause instanceof ParameterException usage) {
        return new Failure(ExitCode.USAGE, Visible.of(UsageProblem.describe(usage)), thrown, true);
      }
      if (cause instanceof ClassNotFoundException
          && StorageFault.of(cause) == StorageFault.NO_FILE_SYSTEM) {
        return new Failure(ExitCode.USAGE, Visible.of(noFileSystem(cause)), thrown, true);
      }
      if (cause instanceof OutOfMemoryError) {
        return new Failure(
            ExitCode.INTERNAL, Visible.of(outOfMemory(cause, ofTask)), thrown, false);
      }
    }
    Optional<JobException> known = SparkFailure.explain(thrown);
    if (known.isPresent()) {
      return new Failure(known.get().exitCode(), known.get().getMessage(), thrown, true);
    }
    Throwable unforeseen = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
    String message = "Cannot go on: unforeseen failure, got %s.".formatted(unforeseen);
    return new Failure(ExitCode.INTERNAL, Visible.of(message), unforeseen, false);
  }

  private static String noFileSystem(Throwable cause) {
    return "Cannot reach a store: no file system is installed for it, got %s. Give spark-submit its package; that of s3a: is --packages org.apache.hadoop:hadoop-aws:<version of the cluster's Hadoop>."
        .formatted(cause.getMessage());
  }

  /** Spark hands the errors of tasks to the driver as the cause of its own. */
  private static String outOfMemory(Throwable error, boolean ofTask) {
    return ofTask
        ? "Cannot go on: an executor has no memory left (%s). Raise spark.executor.memory, or spark.driver.memory with a local master; or have fewer workers on each executor."
            .formatted(error.getMessage())
        : "Cannot go on: the driver has no memory left (%s). Raise spark.driver.memory."
            .formatted(error.getMessage());
  }

  /** Prints the message, and the stack trace where it helps. */
  void print(PrintWriter err, boolean debug) {
    err.println("featuremap: " + message);
    if (debug || !isForeseen) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace, true));
      err.print(Visible.lines(trace.toString()));
    }
    err.flush();
  }

  private static String list(List<String> problems) {
    return problems.size() == 1
        ? problems.get(0)
        : "Cannot use the settings, for "
            + problems.size()
            + " reasons:\n  "
            + String.join("\n  ", problems);
  }
}
