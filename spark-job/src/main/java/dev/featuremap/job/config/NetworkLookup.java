package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.spec.Nearest;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Puts a network in the place of its name or URI, so that a resolved configuration needs no other
 * file. A word without {@code /}, {@code :} and {@code .conf} is a name.
 */
final class NetworkLookup {
  private static final String KEY = "network";

  private NetworkLookup() {}

  static Config inline(Config config, Configuration hadoop, List<String> problems) {
    ConfigValue network = config.root().get(KEY);
    if (network.valueType() == ConfigValueType.OBJECT) {
      return config;
    }
    String name = String.valueOf(network.unwrapped());
    if (isUri(name)) {
      Config file = ConfigFile.resolve(ConfigFile.read(KEY, name, hadoop));
      return config.withValue(KEY, file.root());
    }
    if (BundledConf.NETWORKS.contains(name)) {
      return config.withValue(KEY, BundledConf.network(name).root());
    }
    String hint =
        Nearest.to(name, BundledConf.NETWORKS)
            .map("Did you mean %s?"::formatted)
            .orElse("Give the URI of a network file, with / or ending in .conf.");
    problems.add(
        "Cannot use %s: expected a file's URI or one of %s, got %s. %s"
            .formatted(KEY, String.join(", ", BundledConf.NETWORKS), name, hint));
    return config.withoutPath(KEY);
  }

  private static boolean isUri(String text) {
    return text.indexOf('/') >= 0 || text.indexOf(':') >= 0 || text.endsWith(".conf");
  }
}
