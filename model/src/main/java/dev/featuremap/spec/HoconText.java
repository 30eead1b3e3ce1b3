package dev.featuremap.spec;

import com.typesafe.config.ConfigException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks through HOCON before it is parsed. The parser recurses with each level and copies with each
 * substitution, so a small text could cost it all of its stack or hours.
 */
final class HoconText {
  /** What is written resolved and indented may be larger than what was read. */
  static final int MOST_CHARACTERS = 1 << 24;

  /** Levels of braces, brackets and parts of keys. */
  static final int MOST_LEVELS = 100;

  static final int MOST_SUBSTITUTIONS = 1000;

  private final String text;
  private final Deque<Integer> open = new ArrayDeque<>();
  private final Deque<Character> kinds = new ArrayDeque<>(); // of what is open: { [ or $
  private boolean behindElement; // an object of a list ended, with only blanks after it
  private int levels;
  private int dots;
  private int substitutions;
  private int at;

  private HoconText(String text) {
    this.text = text;
  }

  /**
   * Refuses a text that nobody would write.
   *
   * @throws ConfigException that names the limit
   */
  static void check(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new ConfigException.Generic(
          "it has more than %s characters.".formatted(MOST_CHARACTERS));
    }
    new HoconText(text).scan();
  }

  private void scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      behindElement &= c == ' ' || c == '\t' || c == '{';
      if (text.startsWith("\"\"\"", at)) {
        skipBehind("\"\"\"", at + 3);
      } else if (c == '"') {
        skipString();
      } else if (c == '#' || text.startsWith("//", at)) {
        skipBehind("\n", at);
        dots = 0;
      } else {
        see(c);
        at++;
      }
    }
  }

  private void see(char c) {
    switch (c) {
      case '{', '[' -> {
        boolean substitutes = c == '{' && at > 0 && text.charAt(at - 1) == '$';
        countSubstitution(substitutes);
        refuseMerging(c == '{' && !substitutes);
        kinds.push(substitutes ? '$' : c);
        open.push(dots + 1);
        levels += dots + 1;
        dots = 0;
      }
      case '}', ']' -> {
        levels -= open.isEmpty() ? 0 : open.pop();
        boolean isObject = !kinds.isEmpty() && kinds.pop() == '{';
        behindElement = isObject && !kinds.isEmpty() && kinds.peek() == '[';
        dots = 0;
      }
      case '=' -> {
        // a += b stands for a = ${?a} [b].
        countSubstitution(at > 0 && text.charAt(at - 1) == '+');
        dots = 0;
      }
      case ':', ',', '\n' -> dots = 0;
      case '.' -> dots++;
      default -> {}
    }
    if (levels + dots > MOST_LEVELS) {
      throw new ConfigException.Generic(
          "it has more than %s levels of braces, brackets and parts of keys."
              .formatted(MOST_LEVELS));
    }
  }

  /** HOCON makes one object of two that nothing separates, and in a list nobody wants that. */
  private void refuseMerging(boolean isObject) {
    if (isObject && behindElement) {
      long line = text.substring(0, at).lines().count();
      throw new ConfigException.Generic(
          "line %s has two objects of a list with nothing between them, which would become one. Put a comma between } and {."
              .formatted(line));
    }
    behindElement = false;
  }

  private void countSubstitution(boolean isOne) {
    substitutions += isOne ? 1 : 0;
    if (substitutions > MOST_SUBSTITUTIONS) {
      throw new ConfigException.Generic(
          "it has more than %s substitutions.".formatted(MOST_SUBSTITUTIONS));
    }
  }

  private void skipString() {
    for (at++; at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n'; at++) {
      at += text.charAt(at) == '\\' ? 1 : 0;
    }
    at++;
  }

  private void skipBehind(String end, int from) {
    int found = text.indexOf(end, from);
    at = found < 0 ? text.length() : found + end.length();
  }
}
