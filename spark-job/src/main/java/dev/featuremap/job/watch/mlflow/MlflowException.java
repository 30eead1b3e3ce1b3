package dev.featuremap.job.watch.mlflow;

import dev.featuremap.spec.Visible;
import java.io.IOException;

/** What the server says in place of an answer. */
final class MlflowException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /** A refusal under one of MLflow's error codes; empty if it has none. */
  MlflowException(String message, String code) {
    super(Visible.of(message));
    this.code = code;
  }

  /** True when what was asked for is not there. */
  boolean isAbsence() {
    return code.equals("RESOURCE_DOES_NOT_EXIST");
  }
}
