package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.spec.Nearest;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The keys that exist, which are those of {@code conf/train.conf}. */
public final class Keys {
  /**
   * Keys and sections of earlier versions, and what became of them, as in {@code it is called
   * data.path since version 0.2} or {@code it went with version 0.2, as images are always packed}.
   */
  private static final Map<String, String> FORMER = Map.of();

  private Keys() {}

  /** All keys, as in {@code train.epochs}, in the order of the file. */
  public static List<String> all() {
    List<String> keys = new ArrayList<>();
    collect("", BundledConf.defaults().root(), keys);
    return keys;
  }

  /** The default of a key: a number, a text or a flag; null for none. */
  public static Object defaultOf(String key) {
    Config defaults = BundledConf.defaults();
    return defaults.getIsNull(key) ? null : defaults.getValue(key).unwrapped();
  }

  /**
   * The key that a user probably meant by {@code word}: one that ends in it, else the most similar
   * one, else one whose last part is similar; the first in the file if several are.
   */
  public static Optional<String> nearest(String word) {
    List<String> keys = all();
    List<String> names = keys.stream().map(Keys::lastPart).toList();
    return keys.stream()
        .filter(key -> key.endsWith("." + word))
        .findFirst()
        .or(() -> Nearest.to(word, keys))
        .or(() -> Nearest.to(lastPart(word), names).map(near -> keys.get(names.indexOf(near))));
  }

  /**
   * The values of known keys, as numbers or flags where the default is one, so that {@code 5} and
   * {@code "5"} are the same setting. Each unknown key and each null in place of a value is a
   * problem.
   */
  static Config conform(Config values, Config defaults, List<String> problems) {
    return conform(values, defaults, FORMER, problems);
  }

  /** The same with other keys of earlier versions. */
  static Config conform(
      Config values, Config defaults, Map<String, String> former, List<String> problems) {
    return conform("", values.root(), defaults.root(), former, problems).toConfig();
  }

  private static ConfigObject conform(
      String section,
      ConfigObject values,
      ConfigObject defaults,
      Map<String, String> former,
      List<String> problems) {
    ConfigObject conforming = ConfigFactory.empty().root();
    for (String name : new TreeSet<>(values.keySet())) {
      ConfigValue value = values.get(name);
      ConfigValue usual = defaults.get(name);
      String key = section + name;
      String named = key + place(value.origin());
      if (former.containsKey(key)) {
        problems.add("Cannot use %s: %s.".formatted(named, former.get(key)));
      } else if (usual == null && value instanceof ConfigObject unknown && !unknown.isEmpty()) {
        conform(key + ".", unknown, ConfigFactory.empty().root(), former, problems);
      } else if (usual == null) {
        problems.add(Options.unknown(named, nearest(key), "conf/train.conf lists all keys."));
      } else if (value.valueType() == ConfigValueType.NULL
          && usual.valueType() != ConfigValueType.NULL) {
        problems.add(
            "Cannot use %s: it has no value. Leave it out to get its default.".formatted(named));
      } else if (value instanceof ConfigObject inner
          && usual instanceof ConfigObject usualInner
          && !usualInner.isEmpty()) {
        ConfigObject inside = conform(key + ".", inner, usualInner, former, problems);
        conforming = conforming.withValue(name, inside);
      } else {
        conforming = conforming.withValue(name, typed(value, usual.valueType()));
      }
    }
    return conforming;
  }

  /** Where a value stands, for values of a file. */
  private static String place(ConfigOrigin origin) {
    return origin.lineNumber() > 0 ? " in " + ConfigFile.place(origin) : "";
  }

  /** The value as the type of its default; what is of no such type is left to its reader. */
  private static ConfigValue typed(ConfigValue value, ConfigValueType type) {
    Config holder = value.atKey("value");
    try {
      return switch (type) {
        case NUMBER -> like(value, holder.getNumber("value"));
        case BOOLEAN -> like(value, holder.getBoolean("value"));
        default -> value;
      };
    } catch (ConfigException.WrongType e) {
      return value;
    }
  }

  private static ConfigValue like(ConfigValue value, Object typed) {
    return ConfigValueFactory.fromAnyRef(typed).withOrigin(value.origin());
  }

  private static void collect(String section, ConfigObject object, List<String> keys) {
    List<String> names = new ArrayList<>(object.keySet());
    names.sort(Comparator.comparingInt(name -> object.get(name).origin().lineNumber()));
    for (String name : names) {
      // An empty section is a key: what stands in it is for its reader to name.
      if (object.get(name) instanceof ConfigObject inner && !inner.isEmpty()) {
        collect(section + name + ".", inner, keys);
      } else {
        keys.add(section + name);
      }
    }
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
