package dev.featuremap.job.failure;

/**
 * Why a command ended; the numbers follow {@code sysexits.h}, and shells where it ran out of time
 * or was told to end. They never change.
 */
public enum ExitCode {
  /** The command did what it was asked, or found that it had been done before. */
  OK(0),
  /**
   * The command line or the configuration is wrong, or not that of the run; nothing was trained.
   */
  USAGE(64),
  /** Records, checkpoints or the run itself (a loss that is not finite) are not usable. */
  BAD_DATA(65),
  /** An input path or table does not exist. */
  MISSING_INPUT(66),
  /** A defect of Featuremap, or a failure that nothing below foresees. */
  INTERNAL(70),
  /** The output cannot be written: no permission, no such store, or a store that is unsafe. */
  CANNOT_WRITE(73),
  /** Storage kept failing until the retries were used up; the same command may succeed later. */
  STORAGE_FAILED(74),
  /** Another driver holds the run; the same command may succeed later. */
  RUN_HELD(75),
  /** A condition that the user set, such as {@code --min-accuracy}, is not met. */
  REFUSED(77),
  /** The time that the user gave it is up; the same command goes on. As {@code timeout} ends. */
  OUT_OF_TIME(124),
  /**
   * The process was told to end, and saved what it had; the same command goes on. As by SIGTERM.
   */
  KILLED(143);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The exit status of the process, in {@code [0, 255]}. */
  public int code() {
    return code;
  }
}
