package dev.featuremap.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the JSON (RFC 8259) of a header token by token, as strictly as the standard allows.
 *
 * <p>The caller asks for what its schema expects, so no input makes it recurse, and a value of
 * another kind is an error where it stands.
 */
final class JsonCursor {
  private final String text;
  private final String source;
  private int at;

  /** Reads {@code text}; messages call the file {@code source}. */
  JsonCursor(String text, String source) {
    this.text = text;
    this.source = source;
  }

  /** Takes {@code symbol} or fails. */
  void expect(char symbol) throws FormatException {
    if (!take(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  /** Takes {@code symbol} if it comes next. */
  boolean take(char symbol) {
    skipWhitespace();
    if (at < text.length() && text.charAt(at) == symbol) {
      at++;
      return true;
    }
    return false;
  }

  /** Requires that nothing but spaces follows. */
  void expectPadding() throws FormatException {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length()) {
      throw unexpected("only spaces behind the header's closing '}'");
    }
  }

  /** Reads one element of a list. */
  interface Element<T> {
    T read() throws FormatException;
  }

  /** A list. */
  <T> List<T> list(Element<T> element) throws FormatException {
    List<T> list = new ArrayList<>();
    expect('[');
    if (take(']')) {
      return list;
    }
    do {
      list.add(element.read());
    } while (take(','));
    expect(']');
    return list;
  }

  /** An integer from 0 to 2^63 - 1. */
  long integer() throws FormatException {
    skipWhitespace();
    int from = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    boolean plain = at == from + 1 || (at > from && text.charAt(from) != '0');
    if (!plain || (at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0)) {
      at = from;
      throw unexpected("an integer of at least 0");
    }
    try {
      return Long.parseLong(text, from, at, 10);
    } catch (NumberFormatException e) {
      throw new FormatException(
          "Cannot read %s: an integer at character %s of the header exceeds 2^63 - 1."
              .formatted(source, from),
          e);
    }
  }

  /** A string without its quotes, its escapes resolved. */
  String string() throws FormatException {
    skipWhitespace();
    if (at >= text.length() || text.charAt(at) != '"') {
      throw unexpected("a string");
    }
    int from = at++;
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        at--;
        throw unexpected("no bare control character in a string");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    expect('"');
    if (string.codePoints().anyMatch(JsonCursor::isSurrogate)) {
      throw new FormatException(
          "Cannot read %s: the string at character %s of the header holds half a surrogate pair."
              .formatted(source, from));
    }
    return string.toString();
  }

  private char escaped() throws FormatException {
    int which = at < text.length() ? "\"\\/bfnrtu".indexOf(text.charAt(at)) : -1;
    if (which < 0) {
      throw unexpected("one of \" \\ / b f n r t u behind a backslash");
    }
    at++;
    return text.charAt(at - 1) == 'u' ? hexadecimal() : "\"\\/\b\f\n\r\t".charAt(which);
  }

  private char hexadecimal() throws FormatException {
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = at < text.length() ? hexadecimalDigit(text.charAt(at)) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits behind \\u");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  /** Unlike {@link Character#digit}, knows ASCII only. */
  private static int hexadecimalDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private void skipWhitespace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private FormatException unexpected(String expected) {
    String found = at < text.length() ? name(text.charAt(at)) : "the end of the header";
    return new FormatException(
        "Cannot read %s: at character %s of the header, expected %s, got %s."
            .formatted(source, at, expected, found));
  }

  private static String name(char c) {
    return c > ' ' && c < 127 ? "'" + c + "'" : String.format(Locale.ROOT, "U+%04X", (int) c);
  }
}
