package dev.featuremap.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How another project's name of a layer follows from a network's, as in {@code features.{k}.conv.2
 * = {#k-1}.conv_pwl}. Letters in braces are numbers, with which the other name counts: {@code
 * {k-1}}, {@code {k+1}}, {@code {k/2}} rounded down. {@code {#k-1}} is the block of that number,
 * from 0, of all blocks that the file has, such as {@code blocks.2.0}.
 */
final class NamingRule {
  private static final Pattern LETTER = Pattern.compile("\\{([a-z])}");
  private static final Pattern TERM = Pattern.compile("\\{(#?)([a-z])([-+/]\\d)?}");

  private final Pattern from;
  private final String to;

  private NamingRule(Pattern from, String to) {
    this.from = from;
    this.to = to;
  }

  /** Parses a line. */
  static NamingRule of(String line) {
    String[] sides = line.strip().split(" = ", 2);
    StringBuilder from = new StringBuilder();
    int at = 0;
    for (Matcher letter = LETTER.matcher(sides[0]); letter.find(); at = letter.end()) {
      from.append(Pattern.quote(sides[0].substring(at, letter.start())));
      from.append("(?<%s>\\d{1,4})".formatted(letter.group(1)));
    }
    from.append(Pattern.quote(sides[0].substring(at))).append("(?<rest>\\..*)?");
    return new NamingRule(Pattern.compile(from.toString()), sides[1]);
  }

  /** True if the rule says how the tensor, or the layer that it is of, is called elsewhere. */
  boolean fits(String name) {
    return from.matcher(name).matches();
  }

  /**
   * The other name of a tensor; empty if the rule says nothing of it.
   *
   * @param blocks names of the file's blocks, in order
   */
  Optional<String> apply(String name, List<String> blocks) {
    Matcher known = from.matcher(name);
    if (!known.matches()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    int at = 0;
    for (Matcher term = TERM.matcher(to); term.find(); at = term.end()) {
      parts.add(to.substring(at, term.start()));
      int number = count(Integer.parseInt(known.group(term.group(2))), term.group(3));
      if (term.group(1).isEmpty()) {
        parts.add(String.valueOf(number));
      } else if (number >= 0 && number < blocks.size()) {
        parts.add(blocks.get(number));
      } else {
        return Optional.empty();
      }
    }
    parts.add(to.substring(at));
    parts.add(known.group("rest") == null ? "" : known.group("rest"));
    return Optional.of(String.join("", parts));
  }

  private static int count(int number, String step) {
    if (step == null) {
      return number;
    }
    int by = step.charAt(1) - '0';
    return switch (step.charAt(0)) {
      case '-' -> number - by;
      case '+' -> number + by;
      default -> number / by;
    };
  }
}
