package dev.featuremap.serving;

/** What was given as an image cannot be classified; the message says why, and which one of many. */
public final class UnusableImageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnusableImageException(String message) {
    super(message);
  }

  UnusableImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
