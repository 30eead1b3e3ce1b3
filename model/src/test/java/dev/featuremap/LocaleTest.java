package dev.featuremap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers read the same everywhere, in the sources of both modules: {@code %s} and {@code %x} write
 * them without a locale, and whoever groups, rounds or fills them, or changes the case of letters,
 * names {@code Locale.ROOT}.
 */
class LocaleTest {
  private static final String LITERAL = "(?:\"\"\"[\\s\\S]*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\")";
  private static final Pattern NUMBER =
      Pattern.compile("(?<!%)(?:%%)*%(?:\\d+\\$)?[-#+ 0,(]*\\d*(?:\\.\\d+)?[deEfgGaA]");

  /** A text, or texts in parentheses, and what formats them. */
  private static final Pattern FORMATTED =
      Pattern.compile("(" + LITERAL + "|\\([^()]*\\))\\s*\\.formatted\\(");

  private static final Pattern FORMAT =
      Pattern.compile("\\b(?:format|printf)\\(\\s*(\\w+\\s*\\?\\s*)?(" + LITERAL + ")");

  private static final Pattern CONSTANT =
      Pattern.compile("(\\w+)\\s*=\\s*((?:" + LITERAL + "[\\s+]*)+);");

  private static final Pattern CASE = Pattern.compile("to(?:Lower|Upper)Case\\(\\)");

  @Test
  void isNamedWhereTextsAreMade() throws IOException {
    for (String module : List.of("model", "spark-job")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          assertThat(nameless(Files.readString(file))).as(file.toString()).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"%d images\".formatted(n)",
        "\"of %s\" + \" %,d\"\n    .formatted(n)",
        "(odd ? \"%.1f\" : \"%s\").formatted(n)",
        "\"\"\"\n  %5.2f\n  \"\"\".formatted(n)",
        "String.format(\"%08d\", n)",
        "out.printf(\"%2$d %1$s%n\", text, n)",
        "out.printf(known ? \"%d\" : \"none\", n)",
        "String HEAD = \"a %d\" + \"b\"; HEAD.formatted(n)",
        "text.toLowerCase()"
      })
  void isMissed(String source) {
    assertThat(nameless(source)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"%s images\".formatted(n)",
        "\"100 %% of %s%n\".formatted(n)",
        "\"100 %%d of %s\".formatted(n)",
        "String.format(Locale.ROOT, \"%d\", n)",
        "out.printf(Locale.ROOT, \"%d\", n)",
        "out.printf(\"%s%n\", n)",
        "\"%04x\".formatted(n)",
        "text.toLowerCase(Locale.ROOT)"
      })
  void isNotMissed(String source) {
    assertThat(nameless(source)).isEmpty();
  }

  private static List<String> nameless(String source) {
    Stream<String> formatted = found(FORMATTED, source);
    Stream<String> formats = found(FORMAT, source);
    Stream<String> constants =
        CONSTANT
            .matcher(source)
            .results()
            .filter(
                text -> Pattern.compile(text.group(1) + "\\s*\\.formatted").matcher(source).find())
            .map(text -> text.group());
    Stream<String> numbers =
        Stream.of(formatted, formats, constants)
            .flatMap(texts -> texts)
            .filter(text -> NUMBER.matcher(text).find());
    return Stream.concat(numbers, found(CASE, source)).toList();
  }

  private static Stream<String> found(Pattern pattern, String source) {
    return pattern.matcher(source).results().map(match -> match.group());
  }
}
