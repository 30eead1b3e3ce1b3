package dev.featuremap.job.failure;

import dev.featuremap.spec.Visible;
import java.util.Arrays;
import java.util.Locale;

/** Lines that a command prints for a person, in which nothing of a stranger acts on a terminal. */
public final class ShownText {
  private ShownText() {}

  /**
   * Puts values into a form, with numbers that look alike anywhere.
   *
   * @param values a path, an id or another object gets one line, whatever it holds; a text may have
   *     lines, so what strangers wrote in it must be {@link Visible#of visible} before
   */
  public static String format(String form, Object... values) {
    Object[] shown = Arrays.stream(values).map(ShownText::line).toArray();
    return Visible.lines(String.format(Locale.ROOT, form, shown));
  }

  private static Object line(Object value) {
    boolean isPlain = value == null || value instanceof Number || value instanceof String;
    return isPlain ? value : Visible.of(value.toString());
  }
}
