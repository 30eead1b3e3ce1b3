package dev.featuremap.spec;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Text of others as a person may see it: file names, labels, values and what servers say. A line
 * feed in them could forge a line of a log, and an escape could take a terminal over.
 */
public final class Visible {
  private Visible() {}

  /**
   * The text in one line: control characters, separators of lines and whatever turns the direction
   * of letters are written as {@code \n} or {@code \}{@code u001B}.
   */
  public static String of(String text) {
    return escaped(text, false);
  }

  /** The same of text that has lines: line feeds and tabs stay. */
  public static String lines(String text) {
    return escaped(text, true);
  }

  /**
   * A message that lists things, one a line: each line is {@link #of visible} by itself.
   *
   * @param end the last line, which says what to do
   */
  public static String listing(String head, List<String> items, String end) {
    return Stream.of(Stream.of(head), items.stream().map("  "::concat), Stream.of(end))
        .flatMap(lines -> lines)
        .map(Visible::of)
        .collect(Collectors.joining("\n"));
  }

  private static String escaped(String text, boolean keepsLines) {
    int first = 0;
    while (first < text.length() && isPlain(text.charAt(first), keepsLines)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.substring(0, first));
    for (int at = first; at < text.length(); at++) {
      char c = text.charAt(at);
      shown.append(isPlain(c, keepsLines) ? String.valueOf(c) : escape(c));
    }
    return shown.toString();
  }

  private static boolean isPlain(char c, boolean keepsLines) {
    if (c < 127) {
      return c >= ' ' || (keepsLines && (c == '\n' || c == '\t'));
    }
    return !Character.isISOControl(c) && !separatesLines(c) && !turns(c);
  }

  private static boolean separatesLines(char c) {
    return c == 0x2028 || c == 0x2029;
  }

  /** Marks, embeddings, overrides and isolates of bidirectional text. */
  private static boolean turns(char c) {
    return c == 0x061C
        || c == 0x200E
        || c == 0x200F
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04X", (int) c);
    };
  }
}
