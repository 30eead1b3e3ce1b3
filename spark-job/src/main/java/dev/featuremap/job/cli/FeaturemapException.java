package dev.featuremap.job.cli;

/** How a command or a run fails in a Spark session that goes on: the process must not end. */
public final class FeaturemapException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private FeaturemapException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static FeaturemapException of(Failure failure) {
    int code = failure.code().code();
    return new FeaturemapException(
        code,
        "Featuremap ended with exit code " + code + ": " + failure.message(),
        failure.cause());
  }

  /** The exit code that the command would have had, 64 to 143. */
  public int exitCode() {
    return exitCode;
  }
}
