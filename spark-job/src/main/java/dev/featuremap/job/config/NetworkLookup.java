package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.spec.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Puts a network in the place of its name or URI, so that a resolved configuration needs no other
 * file. A word without {@code /}, {@code :} and {@code .conf} is a name.
 *
 * <p>A network, in place or in a file, may start from another one, its {@code base}, and replace
 * single keys of it, such as {@code input.shape} and {@code classes}.
 */
final class NetworkLookup {
  private static final String KEY = "network";
  private static final String BASE = "base";

  /** A base of a base of a base is the most that anyone can follow. */
  private static final int MOST_BASES = 4;

  private final Configuration hadoop;
  private final List<String> problems;

  private NetworkLookup(Configuration hadoop, List<String> problems) {
    this.hadoop = hadoop;
    this.problems = problems;
  }

  static Config inline(Config config, Configuration hadoop, List<String> problems) {
    return new NetworkLookup(hadoop, problems)
        .find(KEY, config.root().get(KEY), NetworkReach.ofSettings(hadoop), MOST_BASES)
        .map(network -> config.withValue(KEY, ConfigFile.resolve(network).root()))
        .orElseGet(() -> config.withoutPath(KEY));
  }

  /** The network that a value is or names; empty if there is none, which is a problem then. */
  private Optional<Config> find(String key, ConfigValue value, NetworkReach reach, int basesLeft) {
    if (value instanceof ConfigObject given) {
      return given.containsKey(BASE)
          ? changed(key, given, reach, basesLeft)
          : Optional.of(given.toConfig());
    }
    if (!isText(value)) {
      problems.add(
          "Cannot use %s in %s: expected the name or the URI of a network, and no substitution."
              .formatted(key, ConfigFile.place(value.origin())));
      return Optional.empty();
    }
    String name = String.valueOf(value.unwrapped());
    if (isUri(name)) {
      return read(key, name, value.origin(), reach, basesLeft);
    }
    if (BundledConf.NETWORKS.contains(name)) {
      return Optional.of(BundledConf.network(name));
    }
    problems.add(unknown(key, name));
    return Optional.empty();
  }

  private Optional<Config> read(
      String key, String name, ConfigOrigin origin, NetworkReach reach, int basesLeft) {
    Path file;
    try {
      file = reach.resolve(key, name, origin);
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
    Config network =
        NetworkReach.isOfCommandLine(origin)
            ? ConfigFile.read(key, name, hadoop)
            : ConfigFile.readForeign(key, file, hadoop);
    return find(key, network.root(), reach.of(file), basesLeft);
  }

  /** False for a substitution, whose kind nobody knows yet. */
  private static boolean isText(ConfigValue value) {
    try {
      return value.unwrapped() == null || value.valueType() != ConfigValueType.OBJECT;
    } catch (ConfigException.NotResolved e) {
      return false;
    }
  }

  private Optional<Config> changed(
      String key, ConfigObject given, NetworkReach reach, int basesLeft) {
    String baseKey = key + "." + BASE;
    if (basesLeft == 0) {
      problems.add(
          "Cannot use %s: a network has at most %s bases behind each other, got more. Do its files name each other?"
              .formatted(baseKey, MOST_BASES));
      return Optional.empty();
    }
    return find(baseKey, given.get(BASE), reach, basesLeft - 1)
        .map(base -> withChanges(base, given.withoutKey(BASE).toConfig()));
  }

  /** Not by withFallback: an object that once replaced a word ignores what it falls back to. */
  private static Config withChanges(Config base, Config changes) {
    Config changed = base;
    for (Map.Entry<String, ConfigValue> change : changes.entrySet()) {
      changed = changed.withValue(change.getKey(), change.getValue());
    }
    return changed;
  }

  private static String unknown(String key, String name) {
    return Nearest.to(name, BundledConf.NETWORKS)
        .map(
            near ->
                "Cannot use %s: expected a file's URI or the name of a network, got %s. Did you mean %s?"
                    .formatted(key, name, near))
        .orElseGet(
            () ->
                "Cannot use %s: expected a file's URI or one of %s, got %s. Give the URI of a network file, with / or ending in .conf."
                    .formatted(key, String.join(", ", BundledConf.NETWORKS), name));
  }

  private static boolean isUri(String text) {
    return text.indexOf('/') >= 0 || text.indexOf(':') >= 0 || text.endsWith(".conf");
  }
}
