package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.data.Sha256;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Settings as a sorted map from path to value, in which equal settings are equal texts: {@code
 * 0.10} is {@code 0.1}. Elements of lists have paths such as {@code network.layers[0].type}.
 */
final class SettingsFingerprint {
  private SettingsFingerprint() {}

  static SortedMap<String, String> of(Config config) {
    SortedMap<String, String> values = new TreeMap<>();
    collect("", config.root(), value -> value.render(ConfigRenderOptions.concise()), values);
    return values;
  }

  /** The same map with texts as they are, not in quotes, and without keys that have no value. */
  static SortedMap<String, String> texts(Config config) {
    SortedMap<String, String> values = new TreeMap<>();
    collect("", config.root(), value -> String.valueOf(value.unwrapped()), values);
    values.values().removeIf("null"::equals);
    return values;
  }

  /** SHA-256 over the lines {@code path=value}, in hexadecimal. */
  static String sha256(SortedMap<String, String> values) {
    MessageDigest digest = Sha256.start();
    for (Map.Entry<String, String> value : values.entrySet()) {
      String line = value.getKey() + "=" + value.getValue() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** One line for each path whose value changed: {@code train.epochs: was 5, is 10}. */
  static List<String> differences(SortedMap<String, String> was, SortedMap<String, String> is) {
    SortedSet<String> paths = new TreeSet<>(was.keySet());
    paths.addAll(is.keySet());
    List<String> lines = new ArrayList<>();
    for (String path : paths) {
      String before = was.getOrDefault(path, "absent");
      String now = is.getOrDefault(path, "absent");
      if (!before.equals(now)) {
        lines.add("%s: was %s, is %s".formatted(path, before, now));
      }
    }
    return lines;
  }

  /** A stage counts even if it has no settings of its own. */
  private static void collectElement(
      String path,
      ConfigValue value,
      Function<ConfigValue, String> text,
      SortedMap<String, String> values) {
    if (path.startsWith("train.stages[")
        && value instanceof ConfigObject object
        && object.isEmpty()) {
      values.put(path, text.apply(value));
    }
    collect(path, value, text, values);
  }

  private static void collect(
      String path,
      ConfigValue value,
      Function<ConfigValue, String> text,
      SortedMap<String, String> values) {
    if (value instanceof ConfigObject object) {
      String prefix = path.isEmpty() ? "" : path + ".";
      object.forEach((name, inner) -> collect(prefix + name, inner, text, values));
    } else if (value instanceof ConfigList list) {
      for (int index = 0; index < list.size(); index++) {
        collectElement("%s[%s]".formatted(path, index), list.get(index), text, values);
      }
    } else if (value.valueType() == ConfigValueType.NUMBER) {
      BigDecimal number = new BigDecimal(value.unwrapped().toString());
      values.put(path, number.stripTrailingZeros().toPlainString());
    } else {
      values.put(path, text.apply(value));
    }
  }
}
