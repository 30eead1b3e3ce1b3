package dev.featuremap.format;

import dev.featuremap.spec.Visible;
import java.io.IOException;
import java.util.List;

/** A file whose content breaks the rules of its format; reading it again does not help. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message names the file, the rule, and the tensor or position. */
  public FormatException(String message) {
    super(Visible.of(message));
  }

  /** The same with a list, one item a line, and a last line that says what to do. */
  public FormatException(String message, List<String> items, String end) {
    super(Visible.listing(message, items, end));
  }

  /** The same with what led to it. */
  public FormatException(String message, Throwable cause) {
    super(Visible.of(message), cause);
  }
}
