package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.featuremap.spec.Nearest;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Puts a network in the place of its name or URI, so that a resolved configuration needs no other
 * file. A word without {@code /}, {@code :} and {@code .conf} is a name.
 *
 * <p>A network in place may start from a named one, its {@code base}, and replace single keys of
 * it, such as {@code input.shape} and {@code classes}.
 */
final class NetworkLookup {
  private static final String KEY = "network";
  private static final String BASE = "base";

  private NetworkLookup() {}

  static Config inline(Config config, Configuration hadoop, List<String> problems) {
    ConfigValue network = config.root().get(KEY);
    if (!(network instanceof ConfigObject given)) {
      return inline(config, KEY, network, ConfigFactory.empty(), hadoop, problems);
    }
    if (!given.containsKey(BASE)) {
      return config;
    }
    Config changes = given.withoutKey(BASE).toConfig();
    return inline(config, KEY + "." + BASE, given.get(BASE), changes, hadoop, problems);
  }

  private static Config inline(
      Config config,
      String key,
      ConfigValue word,
      Config changes,
      Configuration hadoop,
      List<String> problems) {
    String name = String.valueOf(word.unwrapped());
    Config base;
    if (isUri(name)) {
      base = ConfigFile.read(key, name, hadoop);
    } else if (BundledConf.NETWORKS.contains(name)) {
      base = BundledConf.network(name);
    } else {
      problems.add(unknown(key, name));
      return config.withoutPath(KEY);
    }
    // Not withFallback: an object that once replaced a word ignores what it falls back to.
    for (Map.Entry<String, ConfigValue> change : changes.entrySet()) {
      base = base.withValue(change.getKey(), change.getValue());
    }
    return config.withValue(KEY, ConfigFile.resolve(base).root());
  }

  private static String unknown(String key, String name) {
    String hint =
        Nearest.to(name, BundledConf.NETWORKS)
            .map("Did you mean %s?"::formatted)
            .orElse("Give the URI of a network file, with / or ending in .conf.");
    return "Cannot use %s: expected a file's URI or one of %s, got %s. %s"
        .formatted(key, String.join(", ", BundledConf.NETWORKS), name, hint);
  }

  private static boolean isUri(String text) {
    return text.indexOf('/') >= 0 || text.indexOf(':') >= 0 || text.endsWith(".conf");
  }
}
