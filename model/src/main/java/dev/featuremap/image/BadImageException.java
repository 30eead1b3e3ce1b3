package dev.featuremap.image;

/** One image is not usable; the message completes "image x is bad: ". */
public final class BadImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A reason in words, without a full stop. */
  public BadImageException(String reason) {
    super(reason);
  }
}
