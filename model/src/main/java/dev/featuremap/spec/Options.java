package dev.featuremap.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads one section of HOCON: typed, ranged, and strict about unknown keys.
 *
 * <p>A problem does not stop the reading: it is added to a list shared by all sections, and the
 * value asked for falls back to its default, so that a user sees everything that is wrong at once.
 * Call {@link #rejectUnknown} after the last read; the keys that were asked for are the known ones.
 *
 * <p>Methods that take no fallback have it from a configuration of defaults, which must hold every
 * key that is asked for: one that it lacks is an {@link IllegalStateException}.
 */
public final class Options {
  private final Config config;
  private final Optional<Config> defaults;
  private final String where;
  private final List<String> problems;
  private final Map<String, Options> asked = new LinkedHashMap<>();

  private Options(Config config, Optional<Config> defaults, String where, List<String> problems) {
    this.config = config;
    this.defaults = defaults;
    this.where = where;
    this.problems = problems;
  }

  /**
   * The root of a configuration without defaults: what it lacks is for the caller to say.
   *
   * @param where how messages name this place, for example a file or {@code layer conv1}; may be
   *     empty
   * @param problems collects what is wrong
   */
  public static Options of(Config config, String where, List<String> problems) {
    return new Options(config, Optional.empty(), where, problems);
  }

  /**
   * The root of a configuration above its defaults.
   *
   * @param defaults the default of every key, of the kind that its reader expects; null for none.
   *     Complete settings are their own
   */
  public static Options of(Config config, Config defaults, String where, List<String> problems) {
    return new Options(config, Optional.of(defaults), where, problems);
  }

  /**
   * The root of a text of HOCON, without defaults; empty, with a problem, if it is none.
   *
   * @param where how messages name this place
   */
  public static Options ofText(String text, String where, List<String> problems) {
    try {
      return of(Hocon.parse(text, where), where, problems);
    } catch (ConfigException e) {
      problems.add("Cannot read %s: %s".formatted(where, e.getMessage()));
      return of(ConfigFactory.empty(), where, problems);
    }
  }

  /** True when the key is present and a section. */
  public boolean isSection(String key) {
    return value(key).filter(ConfigObject.class::isInstance).isPresent();
  }

  /** True when the key is present and not null. */
  public boolean has(String key) {
    asked.putIfAbsent(key, null);
    defaults.ifPresent(all -> defaultOf(key));
    return config.root().containsKey(key) && !config.getIsNull(key);
  }

  /** An integer in {@code [min, max]}. */
  public int integer(String key, int min, int max) {
    return integer(key, ExactValues.integer(defaultOf(key), key), min, max);
  }

  /** An integer in {@code [min, max]}. */
  public int integer(String key, int fallback, int min, int max) {
    String range =
        max == Integer.MAX_VALUE
            ? "an integer of at least " + min
            : "an integer from %s to %s".formatted(min, max);
    return read(key, fallback, range, c -> ExactValues.integer(c, key), v -> v >= min && v <= max);
  }

  /** An integer of at least {@code min} that has no default. */
  public int requiredInteger(String key, int min) {
    return require(key) ? integer(key, Math.max(min, 1), min, Integer.MAX_VALUE) : Math.max(min, 1);
  }

  /**
   * Two integers in {@code [min, max]}, rows before columns, as {@code [3, 5]}; one integer stands
   * for both.
   */
  public List<Integer> pair(String key, List<Integer> fallback, int min, int max) {
    return integers(
        key,
        fallback,
        "an integer from %s to %s or a pair of them".formatted(min, max),
        pair -> pair.size() == 2 && pair.stream().allMatch(v -> v >= min && v <= max));
  }

  /**
   * A list of integers for which {@code valid} holds, as {@code rule} says; one integer stands for
   * a list of two.
   */
  public List<Integer> integers(
      String key, List<Integer> fallback, String rule, Predicate<List<Integer>> valid) {
    return read(key, fallback, rule, c -> ExactValues.integers(c, key), valid);
  }

  /** A {@link #pair} that has no default. */
  public List<Integer> requiredPair(String key, int min, int max) {
    List<Integer> fallback = List.of(Math.max(min, 1), Math.max(min, 1));
    return require(key) ? pair(key, fallback, min, max) : fallback;
  }

  /** A 64-bit integer. */
  public long longInteger(String key) {
    long fallback = ExactValues.longInteger(defaultOf(key), key);
    return read(key, fallback, "a 64-bit integer", c -> ExactValues.longInteger(c, key), v -> true);
  }

  /** A finite number for which {@code valid} holds; {@code rule} says so, as in {@code above 0}. */
  public double number(String key, String rule, Predicate<Double> valid) {
    return number(key, defaultOf(key).getDouble(key), rule, valid);
  }

  /** A finite number for which {@code valid} holds; {@code rule} says so, as in {@code above 0}. */
  public double number(String key, double fallback, String rule, Predicate<Double> valid) {
    return read(
        key,
        fallback,
        "a number " + rule,
        c -> c.getDouble(key),
        v -> Double.isFinite(v) && valid.test(v));
  }

  /** True or false. */
  public boolean flag(String key) {
    return flag(key, defaultOf(key).getBoolean(key));
  }

  /** True or false. */
  public boolean flag(String key, boolean fallback) {
    return read(key, fallback, "true or false", c -> c.getBoolean(key), v -> true);
  }

  /** A non-empty text. */
  public String text(String key) {
    return text(key, defaultOf(key).getString(key));
  }

  /** A non-empty text. */
  public String text(String key, String fallback) {
    return read(key, fallback, "a text", c -> c.getString(key), v -> !v.isBlank());
  }

  /** A text that may be absent. */
  public Optional<String> optionalText(String key) {
    return has(key) ? Optional.of(text(key, "")) : Optional.empty();
  }

  /** A list of non-empty texts, or one text as a list of one; none when absent without default. */
  public List<String> texts(String key) {
    return read(
        key,
        defaults.isPresent() ? ExactValues.texts(defaultOf(key), key) : List.of(),
        "a list of texts",
        c -> ExactValues.texts(c, key),
        list -> list.stream().noneMatch(String::isBlank));
  }

  /** One of {@code choices}. */
  public String choice(String key, String fallback, String... choices) {
    List<String> known = Arrays.asList(choices);
    return read(
        key,
        fallback,
        "one of " + String.join(", ", known),
        c -> c.getString(key),
        known::contains);
  }

  /** One of {@code choices}. */
  public String choice(String key, List<String> choices) {
    return choice(key, defaultOf(key).getString(key), choices.toArray(String[]::new));
  }

  /** One of the values of a fallback's type, as {@link #word} names them. */
  public <E extends Enum<E>> E choice(String key, E fallback) {
    List<E> values = List.of(fallback.getDeclaringClass().getEnumConstants());
    List<String> words = values.stream().map(Options::word).toList();
    return values.get(words.indexOf(choice(key, word(fallback), words.toArray(String[]::new))));
  }

  /** One of a type's values, as {@link #word} names them. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    return choice(key, type, Stream.empty()).orElseThrow();
  }

  /** One of a type's values; empty for the word {@code none}, which stands before them. */
  public <E extends Enum<E>> Optional<E> optionalChoice(String key, String none, Class<E> type) {
    return choice(key, type, Stream.of(none));
  }

  private <E extends Enum<E>> Optional<E> choice(String key, Class<E> type, Stream<String> others) {
    List<E> values = List.of(type.getEnumConstants());
    String chosen = choice(key, Stream.concat(others, values.stream().map(Options::word)).toList());
    return values.stream().filter(value -> word(value).equals(chosen)).findFirst();
  }

  /** The word of settings for a value: in lower case, and with {@code -} for {@code _}. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of finite numbers, or one number as a list of one. */
  public List<Double> numbers(String key, List<Double> fallback) {
    return read(
        key,
        fallback,
        "a number or a list of numbers",
        c -> ExactValues.isList(c, key) ? c.getDoubleList(key) : List.of(c.getDouble(key)),
        list -> list.stream().allMatch(Double::isFinite));
  }

  /** Two numbers from {@code min} to {@code max}, the smaller first, as in {@code [0.5, 1]}. */
  public List<Double> range(String key, double min, double max) {
    return read(
        key,
        defaultOf(key).getDoubleList(key),
        "two numbers from %s to %s, the smaller first".formatted(min, max),
        c -> c.getDoubleList(key),
        list ->
            list.size() == 2
                && list.get(0) >= min
                && list.get(1) <= max
                && list.get(0) <= list.get(1));
  }

  /** A subsection; empty when absent. */
  public Options section(String key) {
    Config child =
        read(key, ConfigFactory.empty(), "a section { … }", c -> c.getConfig(key), v -> true);
    Optional<Config> beneath =
        defaults
            .map(all -> all.root().get(key))
            .filter(ConfigObject.class::isInstance)
            .map(section -> ((ConfigObject) section).toConfig());
    Options options = new Options(child, beneath, path(key), problems);
    asked.put(key, options);
    return options;
  }

  /**
   * The sections of a list; {@code name} gives the place of each in messages by its index. Each
   * rejects its own unknown keys when asked to; {@link #rejectUnknown} here does not reach them.
   */
  public List<Options> sections(String key, Function<Integer, String> name) {
    List<? extends Config> list =
        read(key, List.of(), "a list of sections", c -> c.getConfigList(key), v -> true);
    List<Options> sections = new ArrayList<>();
    for (Config child : list) {
      sections.add(of(child, name.apply(sections.size()), problems));
    }
    return sections;
  }

  /**
   * The sections of a list of lists, as {@link #sections} has those of a list.
   *
   * @param name gives the place of a section in messages by the index of its list and its own
   */
  public List<List<Options>> lists(String key, BiFunction<Integer, Integer, String> name) {
    List<List<Config>> lists =
        read(
            key,
            List.of(),
            "a list of lists of sections",
            c -> c.getList(key).stream().map(Options::configs).toList(),
            v -> true);
    List<List<Options>> all = new ArrayList<>();
    for (List<Config> list : lists) {
      List<Options> sections = new ArrayList<>();
      for (Config child : list) {
        sections.add(of(child, name.apply(all.size(), sections.size()), problems));
      }
      all.add(sections);
    }
    return all;
  }

  private static List<Config> configs(ConfigValue list) {
    Config wrapped = list.atKey("list");
    return List.copyOf(wrapped.getConfigList("list"));
  }

  /**
   * This section under other values, which stand above its own. It knows the keys that have been
   * asked for here so far.
   *
   * @param key where the values are in this section, which is no key of theirs
   */
  Options under(String key, Config values, String place) {
    Config own = config;
    for (String name : config.root().keySet()) {
      boolean taken = asked.containsKey(name) && !name.equals(key);
      own = taken ? own : own.withoutPath(ConfigUtil.quoteString(name));
    }
    return new Options(values.withFallback(own), defaults, place, problems);
  }

  /** How many problems there are so far, of all sections. */
  public int problems() {
    return problems.size();
  }

  /** The raw value under a key, if any. */
  public Optional<ConfigValue> value(String key) {
    return has(key) ? Optional.of(config.root().get(key)) : Optional.empty();
  }

  /** Adds a problem in this place. */
  public void problem(String message) {
    problems.add(message);
  }

  /** How messages name this place. */
  public String where() {
    return where;
  }

  /** Adds a problem for every key that no method asked for, naming the nearest known one. */
  public void rejectUnknown() {
    for (String key : config.root().keySet()) {
      if (!asked.containsKey(key)) {
        Optional<String> near = Nearest.to(key, asked.keySet()).map(this::path);
        String known = "Known keys: " + String.join(", ", asked.keySet()) + ".";
        problems.add(unknown(path(key), near, known));
      }
    }
    asked.values().stream().filter(Objects::nonNull).forEach(Options::rejectUnknown);
  }

  /**
   * What is wrong with a key that nobody reads.
   *
   * @param key as messages name it
   * @param near the key that was probably meant
   * @param otherwise what to say where there is none
   */
  public static String unknown(String key, Optional<String> near, String otherwise) {
    String hint = near.map("Did you mean %s?"::formatted).orElse(otherwise);
    return "Cannot use %s: unknown key. %s".formatted(key, hint);
  }

  /** The configuration that holds the default of a key. */
  private Config defaultOf(String key) {
    return defaults
        .filter(all -> all.root().containsKey(key))
        .orElseThrow(() -> new IllegalStateException("The defaults lack %s.".formatted(path(key))));
  }

  private boolean require(String key) {
    boolean present = has(key);
    if (!present) {
      problems.add("Cannot read %s: it is required.".formatted(path(key)));
    }
    return present;
  }

  /** How messages name a key of this section. */
  public String path(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  private <T> T read(
      String key, T fallback, String rule, Function<Config, T> reader, Predicate<T> valid) {
    if (!has(key)) {
      return fallback;
    }
    try {
      T value = reader.apply(config);
      if (valid.test(value)) {
        return value;
      }
    } catch (ConfigException | ArithmeticException | NumberFormatException e) {
      // The message below names the rule and the value, which is all the parser could add.
    }
    problems.add(
        "Cannot use %s: expected %s, got %s."
            .formatted(
                path(key), rule, config.root().get(key).render(ConfigRenderOptions.concise())));
    return fallback;
  }
}
