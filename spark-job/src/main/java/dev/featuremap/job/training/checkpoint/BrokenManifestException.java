package dev.featuremap.job.training.checkpoint;

/** A manifest that cannot be trusted, and why. */
final class BrokenManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unfinished;

  BrokenManifestException(String reason, boolean unfinished) {
    super(reason);
    this.unfinished = unfinished;
  }

  /** True when the file lacks its end, as after a writer that died while writing it. */
  boolean unfinished() {
    return unfinished;
  }
}
