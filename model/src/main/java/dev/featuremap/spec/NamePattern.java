package dev.featuremap.spec;

import java.util.regex.Pattern;

/**
 * A pattern of dotted names, as in {@code layer1.*}: {@code *} stands for any characters, dots
 * among them, {@code ?} for one. What has a name has all that lies within: {@code layer1} matches
 * {@code layer1.0.conv1.weight} too.
 */
public final class NamePattern {
  private final String text;
  private final Pattern pattern;

  private NamePattern(String text) {
    this.text = text;
    StringBuilder expression = new StringBuilder();
    for (int k = 0; k < text.length(); k++) {
      char c = text.charAt(k);
      expression.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    pattern = Pattern.compile(expression + "(\\..*)?", Pattern.DOTALL);
  }

  /** The pattern of a text. */
  public static NamePattern of(String text) {
    return new NamePattern(text);
  }

  /** True for a name, and for all within what has it. */
  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /** How many characters it spells out; the pattern with more of them is the more special one. */
  public int spelledOut() {
    return (int) text.chars().filter(c -> c != '*' && c != '?').count();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }
}
