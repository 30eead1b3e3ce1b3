package dev.featuremap.job.failure;

import dev.featuremap.format.FormatException;
import dev.featuremap.spec.Visible;
import java.util.List;

/**
 * A failure that the user can understand from its message alone, with the exit code that schedulers
 * see.
 */
public class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** A failure without a cause of its own. */
  public JobException(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  /**
   * A failure caused by another one.
   *
   * @param cause what went wrong below; may be null
   */
  public JobException(ExitCode exitCode, String message, Throwable cause) {
    this(Visible.of(message), cause, exitCode);
  }

  private JobException(String shown, Throwable cause, ExitCode exitCode) {
    super(shown, cause);
    this.exitCode = exitCode;
  }

  /**
   * A failure that lists things, one a line. Any other message is one line: what strangers wrote
   * into it cannot make another.
   *
   * @param end the last line, which says what to do
   */
  public static JobException listing(
      ExitCode exitCode, String message, List<String> items, String end) {
    return new JobException(Visible.listing(message, items, end), null, exitCode);
  }

  /** The command line or configuration is wrong: exit code 64. */
  public static JobException usage(String message) {
    return new JobException(ExitCode.USAGE, message);
  }

  /** Data cannot be used: exit code 65. */
  public static JobException badData(String message) {
    return new JobException(ExitCode.BAD_DATA, message);
  }

  /** A file breaks the rules of its format, in the words of its reader: exit code 65. */
  public static JobException badData(FormatException cause) {
    return new JobException(Visible.lines(cause.getMessage()), cause, ExitCode.BAD_DATA);
  }

  /** An input does not exist: exit code 66. */
  public static JobException missingInput(String message, Throwable cause) {
    return new JobException(ExitCode.MISSING_INPUT, message, cause);
  }

  /** The output cannot be written: exit code 73. */
  public static JobException cannotWrite(String message, Throwable cause) {
    return new JobException(ExitCode.CANNOT_WRITE, message, cause);
  }

  /** Storage kept failing: exit code 74. */
  public static JobException storageFailed(String message, Throwable cause) {
    return new JobException(ExitCode.STORAGE_FAILED, message, cause);
  }

  /** Another driver holds the run: exit code 75. */
  public static JobException runHeld(String message) {
    return new JobException(ExitCode.RUN_HELD, message);
  }

  /** What the process reports to its scheduler. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
