package dev.featuremap.spec;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads a section whose keys are names that no program knows before, each with a number. */
public final class NamedNumbers {
  private final Options options;
  private final String key;
  private final String rule;
  private final Predicate<Double> valid;
  private final NavigableMap<String, Double> numbers = new TreeMap<>();

  private NamedNumbers(Options options, String key, String rule, Predicate<Double> valid) {
    this.options = options;
    this.key = key;
    this.rule = rule;
    this.valid = valid;
  }

  /**
   * The numbers by name. A name with dots may stand as sections in sections.
   *
   * @param rule what each must be, as in {@code above 0}
   */
  public static NavigableMap<String, Double> read(
      Options options, String key, String rule, Predicate<Double> valid) {
    NamedNumbers named = new NamedNumbers(options, key, rule, valid);
    options.value(key).ifPresent(named::addAll);
    return named.numbers;
  }

  private void addAll(ConfigValue value) {
    if (value instanceof ConfigObject section) {
      add("", section);
    } else {
      options.problem(
          "Cannot use %s: expected a section { name = number, … }, got %s."
              .formatted(options.path(key), text(value)));
    }
  }

  private void add(String prefix, ConfigObject section) {
    new TreeMap<>(section)
        .forEach(
            (name, value) -> {
              if (value instanceof ConfigObject inner) {
                add(prefix + name + ".", inner);
              } else {
                add(prefix + name, value);
              }
            });
  }

  private void add(String name, ConfigValue value) {
    Optional<Double> number = number(value).filter(n -> Double.isFinite(n) && valid.test(n));
    if (number.isPresent()) {
      numbers.put(name, number.get());
    } else {
      options.problem(
          "Cannot use %s: \"%s\" must be a number %s, got %s."
              .formatted(options.path(key), name, rule, text(value)));
    }
  }

  private static Optional<Double> number(ConfigValue value) {
    try {
      return Optional.of(value.atKey("number").getDouble("number"));
    } catch (ConfigException e) {
      // The caller's problem names the rule and the value, which is all the parser could add.
      return Optional.empty();
    }
  }

  private static String text(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }
}
