package dev.featuremap.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoconTest {
  static Map<String, String> bombs() {
    return Map.ofEntries(
        Map.entry("texts", "a0 = abcdefgh\n" + each(60, "a%2$s = ${a%1$s}${a%1$s}\n")),
        Map.entry("lists", "a0 = [x]\n" + each(60, "a%2$s = ${a%1$s} ${a%1$s}\n")),
        Map.entry("lists of lists", "a0 = [x]\n" + each(60, "a%2$s = [${a%1$s}, ${a%1$s}]\n")),
        Map.entry("objects", "a0 { x = 1 }\n" + each(60, "a%2$s { x = ${a%1$s}, y = ${a%1$s} }\n")),
        Map.entry(
            "quoted keys",
            "\"a 0\" = abcdefgh\n" + each(60, "\"a %2$s\" = ${\"a %1$s\"}${\"a %1$s\"}\n")),
        Map.entry("optional", "a0 = abcdefgh\n" + each(60, "a%2$s = ${?a%1$s}${?a%1$s}\n")),
        Map.entry("itself", "a = abcdefgh\n" + each(60, "a = ${a}${a}\n")),
        Map.entry("itself by a list", "a = [x]\n" + each(60, "a = ${a} ${a}\n")),
        Map.entry(
            "itself with layers of nothing",
            "z = y, a = x\n" + each(60, "a = ${z}\n") + each(60, "a = ${a}${a}\n")),
        Map.entry("one another", "a = x, b = y\n" + each(60, "a = ${b}${b}\nb = ${a}${a}\n")),
        Map.entry(
            "objects that are merged",
            "a0 { x = 1 }\n"
                + each(60, "a%2$s = ${a%1$s} { p%2$s = ${a%1$s}, q%2$s = ${a%1$s} }\n")),
        Map.entry(
            "below a key",
            "o { a0 = abcdefgh\n" + each(60, "a%2$s = ${o.a%1$s}${o.a%1$s}\n") + "}"),
        Map.entry("levels", "a0 = [x]\n" + each(200, "a%2$s = [${a%1$s}]\n")),
        Map.entry("a chain", "a0 = x\n" + each(900, "a%2$s = ${a%1$s}\n")),
        Map.entry("appending", "a = []\n" + "a += x\n".repeat(1001)),
        Map.entry("many", "a = []\n" + "b = ${a}\n".repeat(1001)),
        Map.entry("brackets", "a = " + "[".repeat(5000) + "]".repeat(5000)),
        Map.entry("braces", "a { ".repeat(5000) + "}".repeat(5000)),
        Map.entry("open braces", "{".repeat(500_000)),
        Map.entry("parts of a key", "a" + ".a".repeat(5000) + " = 1"),
        Map.entry("quoted parts of a key", "\"a\"" + ".\"a\"".repeat(5000) + " = 1"),
        Map.entry("braces with parts of keys", "a.b.c.d { ".repeat(50) + "}".repeat(50)),
        Map.entry("parts of a name", "a = ${a" + ".a".repeat(5000) + "}"),
        Map.entry("size", "a = \"" + "x".repeat(1 << 24) + "\""));
  }

  static List<String> kinds() {
    return bombs().keySet().stream().sorted().toList();
  }

  private static String each(int count, String line) {
    return IntStream.range(0, count)
        .mapToObj(k -> line.formatted(k, k + 1))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesWhatWouldGrowWithoutEnd(String kind) {
    String text = bombs().get(kind);

    assertThatThrownBy(() -> Hocon.resolve(Hocon.parse(text, "my.conf")))
        .isInstanceOf(ConfigException.class)
        .message()
        .hasSizeLessThan(200)
        .containsAnyOf(
            "more than 1000 substitutions.",
            "more than 100 levels of braces, brackets and parts of keys.",
            "more than 16777216 characters.",
            "my.conf: ");
  }

  @Test
  void saysWhereSubstitutionsGrow() {
    assertThatThrownBy(() -> Hocon.resolve(Hocon.parse(bombs().get("texts"), "my.conf")))
        .hasMessageMatching(
            "my.conf: [0-9]+: its substitutions make more than 2097152 characters of it.");
    assertThatThrownBy(() -> Hocon.resolve(Hocon.parse(bombs().get("levels"), "my.conf")))
        .hasMessageMatching("my.conf: [0-9]+: its substitutions make more than 90 levels.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = ${b}, b = ${c}, c = 1",
        "a { b = 1, c = ${a.b} }",
        "a { c = ${a.b}, b = 1 }",
        "a { b = 1 }, c = ${a} { d = ${a.b} }",
        "path = /a, path = ${path}\":/b\"",
        "layers = [1]\nlayers += 2\nlayers += 3",
        "a = {x = 1}, a = ${a} {y = 2}, b = ${a.y}",
        "a = [\"${not.one}\", \"{\", \"a # b\"] // {{{",
        "block = [1, 2, 3], stage = [${block}, ${block}, ${block}], all = ${stage} ${stage}",
        "a = \"\"\"{{{ ${b} \"\"\"",
        "a = ${?nothing}, b = 1"
      })
  void leavesTheUsualAlone(String text) {
    Config resolved = Hocon.resolve(Hocon.parse(text, "my.conf"));

    assertThat(resolved.isResolved()).isTrue();
  }

  @Test
  void takesFortyLayersThatAreAppended() {
    String text = "layers = []\n" + "layers += { type = relu }\n".repeat(40);

    assertThat(Hocon.resolve(Hocon.parse(text, "my.conf")).getList("layers")).hasSize(40);
  }

  @Test
  void readsAgainWhatItHasResolved() {
    String text = "a0 = [x]\n" + each(80, "a%2$s = [${a%1$s}]\n");
    Config resolved = Hocon.resolve(Hocon.parse(text, "my.conf"));

    String written = resolved.root().render(ConfigRenderOptions.defaults());

    assertThat(Hocon.parse("network " + written, "config.conf").getConfig("network"))
        .isEqualTo(resolved);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HOME", "PATH", "?HOME", "user.home", "java.io.tmpdir", "?user.home"})
  void readsNoEnvironmentAndNoProperties(String name) {
    Config config = Hocon.parse("a = 1, b = ${" + name + "}", "my.conf");

    if (name.startsWith("?")) {
      assertThat(Hocon.resolve(config).hasPath("b")).isFalse();
    } else {
      assertThatThrownBy(() -> Hocon.resolve(config)).isInstanceOf(ConfigException.class);
    }
  }
}
