package dev.featuremap.format;

/** A file that cannot be trusted, such as a {@link SealedJson}, and why. */
public class BrokenSealException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unfinished;

  /** A file that is broken for this reason. */
  public BrokenSealException(String reason, boolean unfinished) {
    super(reason);
    this.unfinished = unfinished;
  }

  /** True when the file lacks its end, as after a writer that died while writing it. */
  public boolean unfinished() {
    return unfinished;
  }
}
