package dev.featuremap.job.cli;

import dev.featuremap.job.failure.ExitCode;

/** What the command line ends with, for tests of other packages. */
public final class FailureCodes {
  private FailureCodes() {}

  /** The exit code of a command that ends so. */
  public static ExitCode of(Throwable failure) {
    return Failure.of(failure).code();
  }
}
