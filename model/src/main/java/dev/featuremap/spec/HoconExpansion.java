package dev.featuremap.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Bounds from above what a configuration grows to when its substitutions are replaced, without
 * replacing them: ten lines that name the one before them twice are a thousand times as long.
 */
final class HoconExpansion {
  static final long MOST_CHARACTERS = 1 << 21;

  /** Fewer than a text may have, so that what was resolved and written can be read again. */
  static final int MOST_LEVELS = HoconText.MOST_LEVELS - 10;

  /** Keys and substitutions behind each other while one is followed. */
  private static final int LONGEST_CHAIN = 200;

  private static final Size NOTHING = new Size(0, 0);

  private final ConfigObject root;
  private final Map<List<String>, Size> known = new HashMap<>();
  private final Set<List<String>> open = new LinkedHashSet<>();

  private HoconExpansion(ConfigObject root) {
    this.root = root;
  }

  private record Size(long characters, int levels) {}

  /**
   * Refuses a configuration that would grow beyond all use.
   *
   * @throws ConfigException with the place of a value that does
   */
  static void check(Config config) {
    if (!config.isResolved()) {
      new HoconExpansion(config.root()).at(List.of(), config.root());
    }
  }

  /** The size of the value of a key. */
  private Size at(List<String> key, ConfigValue value) {
    Size before = known.get(key);
    if (before != null) {
      return before;
    }
    if (!open.add(key) || open.size() > LONGEST_CHAIN) {
      throw new ConfigException.Parse(
          value.origin(), "its substitutions lead in a circle, or too far.");
    }
    Size size = of(key, value);
    open.remove(key);
    known.put(key, size);
    return size;
  }

  private Size of(List<String> key, ConfigValue value) {
    if (isObject(value)) {
      Size sum = NOTHING;
      for (Map.Entry<String, ConfigValue> entry : ((ConfigObject) value).entrySet()) {
        Size inner = at(join(key, entry.getKey()), entry.getValue());
        sum = plus(value, sum, entry.getKey().length() + inner.characters(), inner.levels() + 1);
      }
      return sum;
    }
    return layers(key, value, value.render(ConfigRenderOptions.concise()));
  }

  /** Values of one key that wait for each other are rendered with commas between them. */
  private Size layers(List<String> key, ConfigValue value, String text) {
    Size sum = NOTHING;
    long times = 1;
    HoconPieces pieces = new HoconPieces(text);
    for (HoconPieces.Layer layer : pieces.layers()) {
      long characters = layer.characters();
      int levels = 0;
      int own = 0;
      for (List<String> target : layer.targets()) {
        List<String> found = leafOf(target);
        if (found.equals(key)) {
          own++;
        } else {
          Size size = reference(found);
          characters += size.characters();
          levels = Math.max(levels, size.levels());
        }
      }
      // What names itself takes what was there before, each time.
      times = Math.min(times * Math.max(1, own), MOST_CHARACTERS + 1);
      sum = plus(value, sum, characters, sum.levels() + layer.levels() + levels);
    }
    return plus(value, NOTHING, sum.characters() * times, sum.levels());
  }

  private Size reference(List<String> key) {
    ConfigValue value = find(key);
    return value == null ? NOTHING : at(key, value);
  }

  private static Size plus(ConfigValue value, Size sum, long characters, int levels) {
    long all = sum.characters() + characters;
    int most = Math.max(sum.levels(), levels);
    if (all > MOST_CHARACTERS) {
      throw new ConfigException.Parse(
          value.origin(),
          "its substitutions make more than %s characters of it.".formatted(MOST_CHARACTERS));
    }
    if (most > MOST_LEVELS) {
      throw new ConfigException.Parse(
          value.origin(), "its substitutions make more than %s levels.".formatted(MOST_LEVELS));
    }
    return new Size(all, most);
  }

  /** The key itself, or the part of it whose value is not known before substitution. */
  private List<String> leafOf(List<String> key) {
    for (int parts = 1; parts < key.size(); parts++) {
      ConfigValue value = find(key.subList(0, parts));
      if (value != null && !isObject(value)) {
        return List.copyOf(key.subList(0, parts));
      }
    }
    return key;
  }

  private ConfigValue find(List<String> key) {
    ConfigValue value = root;
    for (String part : key) {
      if (value == null || !isObject(value)) {
        return null;
      }
      value = ((ConfigObject) value).get(part);
    }
    return value;
  }

  /** False for an object that is merged from others, whose keys are not known yet. */
  private static boolean isObject(ConfigValue value) {
    try {
      return value instanceof ConfigObject object && Objects.nonNull(object.keySet());
    } catch (ConfigException.NotResolved e) {
      return false;
    }
  }

  private static List<String> join(List<String> key, String last) {
    return Stream.concat(key.stream(), Stream.of(last)).toList();
  }
}
