package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.spec.Hocon;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The settings of a command line.
 *
 * <p>A value is text as it stands, so that URIs need no quotes: {@code --set
 * data.path=hdfs://nn/mnist}. One that starts with <code>{</code>, {@code [} or {@code "} is HOCON.
 */
final class CommandLineLayer {
  /** Where values of the command line come from, as the library calls it. */
  static final String ORIGIN = "--set";

  private static final String NETWORK = "network";

  private CommandLineLayer() {}

  static Config of(ConfigRequest request, List<String> problems) {
    refuseSecrets(request);
    Config config = ConfigFactory.empty();
    for (String assignment : request.assignments()) {
      config = assign(config, assignment, problems);
    }
    for (Map.Entry<KeyOption, String> given : request.options().entrySet()) {
      KeyOption option = given.getKey();
      if (config.hasPath(option.key())) {
        problems.add(
            "Cannot use %s and --set %s together: both set %2$s. Give one of them."
                .formatted(option.option(), option.key()));
      }
      config =
          config.withValue(
              option.key(), ConfigValueFactory.fromAnyRef(given.getValue(), option.option()));
    }
    return config;
  }

  /** Before any other problem, whose message might repeat them. */
  private static void refuseSecrets(ConfigRequest request) {
    List<String> secrets = new ArrayList<>();
    for (String assignment : request.assignments()) {
      UriSecrets.problemOfAssignment(assignment).ifPresent(secrets::add);
    }
    request
        .options()
        .forEach(
            (option, value) ->
                UriSecrets.problemOfSetting(option.key(), option.option(), value)
                    .ifPresent(secrets::add));
    if (!secrets.isEmpty()) {
      throw new SpecException(secrets);
    }
  }

  private static Config assign(Config config, String assignment, List<String> problems) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      problems.add("Cannot use --set %s: expected key=value.".formatted(assignment));
      return config;
    }
    String key = assignment.substring(0, equals).strip();
    try {
      ConfigUtil.splitPath(key);
      if (replacesNetwork(config, key)) {
        problems.add(
            "Cannot use --set %s beside a network or keys of it: one would take the place of the other. Name the network as network.base."
                .formatted(assignment));
        return config;
      }
      return config.withValue(key, value(assignment.substring(equals + 1).strip()));
    } catch (ConfigException.BadPath e) {
      problems.add("Cannot use --set %s: %s is not a key.".formatted(assignment, key));
    } catch (ConfigException e) {
      problems.add(
          "Cannot use --set %s: the value is not HOCON: %s"
              .formatted(assignment, ConfigFile.withoutOrigin(e)));
    }
    return config;
  }

  /** Keys of a network would silently take the place of its name, or the name theirs. */
  private static boolean replacesNetwork(Config config, String key) {
    boolean whole = key.equals(NETWORK);
    if (!config.hasPath(NETWORK) || !(whole || key.startsWith(NETWORK + "."))) {
      return false;
    }
    boolean named = config.getValue(NETWORK).valueType() != ConfigValueType.OBJECT;
    return whole != named;
  }

  private static ConfigValue value(String text) {
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
      return Hocon.parse("value = " + text, ORIGIN).root().get("value");
    }
    return ConfigValueFactory.fromAnyRef(text, ORIGIN);
  }
}
