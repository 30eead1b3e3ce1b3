package dev.featuremap.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void readsEveryKindOfValue() {
    Options options =
        options(
            "i = 3, j = 4.0, n = 1e-3, f = true, t = word, c = b,"
                + " list = [1, 2.5], single = 7, p = [3, 5], q = 2, section { k = 1 }");

    assertThat(options.integer("i", 0, 0, 10)).isEqualTo(3);
    assertThat(options.requiredInteger("j", 1)).isEqualTo(4);
    assertThat(options("l = 9007199254740993", "l = 0").longInteger("l"))
        .isEqualTo(9007199254740993L);
    assertThat(options.number("n", 0, "above 0", v -> v > 0)).isEqualTo(1e-3);
    assertThat(options.flag("f", false)).isTrue();
    assertThat(options.text("t", "")).isEqualTo("word");
    assertThat(options.optionalText("t")).contains("word");
    assertThat(options.choice("c", "a", "a", "b")).isEqualTo("b");
    assertThat(options.numbers("list", List.of())).containsExactly(1.0, 2.5);
    assertThat(options.numbers("single", List.of())).containsExactly(7.0);
    assertThat(options.pair("p", List.of(0, 0), 0, 9)).containsExactly(3, 5);
    assertThat(options.requiredPair("q", 0, 9)).containsExactly(2, 2);
    assertThat(options.section("section").integer("k", 0, 0, 1)).isEqualTo(1);
    assertThat(options.value("i")).isPresent();
    options.rejectUnknown();
    assertThat(problems).isEmpty();
  }

  @Test
  void fallsBackToTheDefaultOfAnAbsentOrNullKey() {
    Options options = options("i = null");

    assertThat(options.has("i")).isFalse();
    assertThat(options.integer("i", 5, 0, 10)).isEqualTo(5);
    assertThat(options.number("n", 0.5, "above 0", v -> v > 0)).isEqualTo(0.5);
    assertThat(options.flag("f", true)).isTrue();
    assertThat(options.text("t", "none")).isEqualTo("none");
    assertThat(options.optionalText("t")).isEmpty();
    assertThat(options.choice("c", "a", "a", "b")).isEqualTo("a");
    assertThat(options.numbers("list", List.of(1.0))).containsExactly(1.0);
    assertThat(options.pair("p", List.of(1, 2), 0, 9)).containsExactly(1, 2);
    assertThat(options.section("section").integer("k", 7, 0, 9)).isEqualTo(7);
    assertThat(options.sections("layers", index -> "layer")).isEmpty();
    assertThat(options.value("v")).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void fallsBackToTheDefaultsBeneath() {
    Options options =
        options(
            "i = x, e = y, inner { k = null }",
            "i = 5, l = -1, n = 0.5, f = true, t = none, c = last-one, e = no, inner { k = 7 }");

    assertThat(options.integer("i", 0, 10)).isEqualTo(5);
    assertThat(options.longInteger("l")).isEqualTo(-1);
    assertThat(options.number("n", "above 0", v -> v > 0)).isEqualTo(0.5);
    assertThat(options.flag("f")).isTrue();
    assertThat(options.text("t")).isEqualTo("none");
    assertThat(options.choice("c", Word.class)).isEqualTo(Word.LAST_ONE);
    assertThat(options.optionalChoice("e", "no", Word.class)).isEmpty();
    assertThat(options.section("inner").integer("k", 0, 9)).isEqualTo(7);
    assertThat(problems)
        .containsExactly(
            "Cannot use train.i: expected an integer from 0 to 10, got \"x\".",
            "Cannot use train.e: expected one of no, first, last-one, got \"y\".");
  }

  @Test
  void choosesAmongTheValuesOfAType() {
    Options options =
        options("c = last-one, d = LAST_ONE, e = first", "c = first, d = first, e = no");

    assertThat(options.choice("c", Word.class)).isEqualTo(Word.LAST_ONE);
    assertThat(options.choice("d", Word.class)).isEqualTo(Word.FIRST);
    assertThat(options.optionalChoice("e", "no", Word.class)).contains(Word.FIRST);
    assertThat(problems)
        .containsExactly("Cannot use train.d: expected one of first, last-one, got \"LAST_ONE\".");
  }

  @Test
  void asksForNoKeyThatTheDefaultsLack() {
    Options options = options("i = 1, inner { k = 1 }", "j = 1, inner { l = 1 }");

    assertThatThrownBy(() -> options.integer("i", 0, 9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The defaults lack train.i.");
    assertThatThrownBy(() -> options.section("inner").optionalText("k"))
        .hasMessage("The defaults lack train.inner.k.");
  }

  @Test
  void collectsEveryProblemAndReadsOn() {
    Options options =
        options(
            "i = 11, j = two, k = 2.5, l = 1.5, n = -1, f = maybe, t = \" \", c = d,"
                + " list = [1, x], p = [1, 2, 3], section = 3, layers = {}",
            "i = 1, j = 1, k = 1, l = 1, n = 1, f = true, t = word, c = a, list = [], p = 1,"
                + " section {}, layers = []");

    assertThat(options.integer("i", 5, 0, 10)).isEqualTo(5);
    options.integer("j", 5, 1, Integer.MAX_VALUE);
    options.integer("k", 5, 0, 10);
    options.longInteger("l");
    options.number("n", 1, "above 0", v -> v > 0);
    options.flag("f", false);
    options.text("t", "");
    options.choice("c", "a", "a", "b");
    options.numbers("list", List.of());
    options.pair("p", List.of(1, 1), 0, 9);
    options.section("section");
    options.sections("layers", index -> "layer");

    assertThat(problems)
        .containsExactly(
            "Cannot use train.i: expected an integer from 0 to 10, got 11.",
            "Cannot use train.j: expected an integer of at least 1, got \"two\".",
            "Cannot use train.k: expected an integer from 0 to 10, got 2.5.",
            "Cannot use train.l: expected a 64-bit integer, got 1.5.",
            "Cannot use train.n: expected a number above 0, got -1.",
            "Cannot use train.f: expected true or false, got \"maybe\".",
            "Cannot use train.t: expected a text, got \" \".",
            "Cannot use train.c: expected one of a, b, got \"d\".",
            "Cannot use train.list: expected a number or a list of numbers, got [1,\"x\"].",
            "Cannot use train.p: expected an integer from 0 to 9 or a pair of them, got [1,2,3].",
            "Cannot use train.section: expected a section { … }, got 3.",
            "Cannot use train.layers: expected a list of sections, got {}.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e19", "9223372036854775808", "NaN", "0.5", "x"})
  void refusesWhatIsNo64BitInteger(String value) {
    assertThat(options("l = " + value, "l = 3").longInteger("l")).isEqualTo(3);
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("Cannot use train.l: expected a 64-");
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    Options options = options("n = NaN, list = [Infinity]");

    options.number("n", 1, "of any size", v -> true);
    options.numbers("list", List.of());

    assertThat(problems)
        .containsExactly(
            "Cannot use train.n: expected a number of any size, got \"NaN\".",
            "Cannot use train.list: expected a number or a list of numbers, got [\"Infinity\"].");
  }

  @Test
  void asksForRequiredKeys() {
    Options options = options("");

    assertThat(options.requiredInteger("maps", 0)).isEqualTo(1);
    assertThat(options.requiredPair("size", 1, 9)).containsExactly(1, 1);
    assertThat(problems)
        .containsExactly(
            "Cannot read train.maps: it is required.", "Cannot read train.size: it is required.");
  }

  @Test
  void namesTheNearestKeyOfAnUnknownOne() {
    Options options = options("epoch = 3, optimizer { typ = sgd }");
    options.integer("epochs", 1, 1, 10);
    options.section("optimizer").choice("type", "sgd", "sgd");

    options.rejectUnknown();

    assertThat(problems)
        .containsExactly(
            "Cannot use train.epoch: unknown key. Did you mean train.epochs?",
            "Cannot use train.optimizer.typ: unknown key. Did you mean train.optimizer.type?");
  }

  @Test
  void listsTheKnownKeysWhenNoneIsNear() {
    Options options = options("zzzzzzzz = 3");
    options.integer("epochs", 1, 1, 10);
    options.flag("shuffle", true);

    options.rejectUnknown();

    assertThat(problems)
        .containsExactly("Cannot use train.zzzzzzzz: unknown key. Known keys: epochs, shuffle.");
  }

  @Test
  void namesTheSectionsOfAListByTheirIndex() {
    Options options = options("layers = [{ maps = 3 }, { maps = 0, mapz = 1 }]");

    List<Options> layers = options.sections("layers", index -> "layer " + (index + 1));
    layers.forEach(layer -> layer.integer("maps", 1, 1, 9));
    layers.forEach(Options::rejectUnknown);

    assertThat(problems)
        .containsExactly(
            "Cannot use layer 2.maps: expected an integer from 1 to 9, got 0.",
            "Cannot use layer 2.mapz: unknown key. Did you mean layer 2.maps?");
  }

  @Test
  void namesKeysOfTheRootAlone() {
    Options root = Options.of(ConfigFactory.parseString("a = x"), "", problems);

    root.integer("a", 0, 0, 1);
    root.problem("Cannot do more: it is late.");

    assertThat(root.where()).isEmpty();
    assertThat(root.path("a")).isEqualTo("a");
    assertThat(problems)
        .containsExactly(
            "Cannot use a: expected an integer from 0 to 1, got \"x\".",
            "Cannot do more: it is late.");
  }

  @Test
  void throwsAllProblemsAsOneException() {
    SpecException exception = new SpecException(List.of("first", "second"));

    assertThat(exception.problems()).containsExactly("first", "second");
    assertThat(exception).hasMessage("first\nsecond");
  }

  private enum Word {
    FIRST,
    LAST_ONE
  }

  private Options options(String config) {
    return Options.of(ConfigFactory.parseString(config), "train", problems);
  }

  private Options options(String config, String defaults) {
    return Options.of(
        ConfigFactory.parseString(config), ConfigFactory.parseString(defaults), "train", problems);
  }
}
