package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.featuremap.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The defaults that optimizers have for themselves: below what a user sets, above those of all.
 *
 * @param own the first by key of the optimizer's section, for the name of an optimizer
 */
record OptimizerDefaults(Function<String, Map<String, Double>> own) {
  private static final String SECTION = "train.optimizer.";
  private static final String STAGES = "train.stages";

  /** What stands where a user has set nothing. */
  private static final String UNSET = "\0";

  /** Settings over the defaults of the optimizers that they choose, over those of all. */
  Config under(Config given, Config defaults) {
    Config all = ConfigFile.resolve(given.withFallback(defaults));
    Optional<String> name = name(all, SECTION + "type");
    if (name.isEmpty()) {
      return all;
    }
    Map<String, Double> ofRun = own.apply(name.get());
    Config settings = ConfigFile.resolve(given.withFallback(at(ofRun)).withFallback(defaults));
    return settings.hasPath(STAGES) && settings.getValue(STAGES) instanceof ConfigList stages
        ? settings.withValue(STAGES, stages(stages, ofRun, given, defaults))
        : settings;
  }

  /** Stages with the defaults of optimizers of their own, where these differ from the run's. */
  private ConfigList stages(
      ConfigList stages, Map<String, Double> ofRun, Config given, Config defaults) {
    List<Object> complete = new ArrayList<>();
    for (ConfigValue stage : stages) {
      Optional<String> name =
          stage instanceof ConfigObject section
              ? name(section.toConfig(), "optimizer.type")
              : Optional.empty();
      complete.add(
          name.isEmpty()
              ? stage
              : stage((ConfigObject) stage, own.apply(name.get()), ofRun, given, defaults));
    }
    return ConfigValueFactory.fromIterable(complete, stages.origin().description());
  }

  private static ConfigObject stage(
      ConfigObject stage,
      Map<String, Double> ofStage,
      Map<String, Double> ofRun,
      Config given,
      Config defaults) {
    Config complete = stage.toConfig();
    TreeSet<String> keys = new TreeSet<>(ofRun.keySet());
    keys.addAll(ofStage.keySet());
    for (String key : keys) {
      boolean isSame = ofStage.containsKey(key) && ofStage.get(key).equals(ofRun.get(key));
      if (!isSame && !complete.hasPath("optimizer." + key) && !isSet(given, key, defaults)) {
        Object value = ofStage.get(key);
        complete =
            complete.withValue(
                "optimizer." + key,
                value == null
                    ? defaults.getValue(SECTION + key)
                    : ConfigValueFactory.fromAnyRef(value));
      }
    }
    return complete.root();
  }

  private static boolean isSet(Config given, String key, Config defaults) {
    Config marked =
        given
            .withFallback(ConfigFactory.parseMap(Map.of(SECTION + key, UNSET)))
            .withFallback(defaults);
    return !ConfigFile.resolve(marked).getValue(SECTION + key).unwrapped().equals(UNSET);
  }

  private static Config at(Map<String, Double> values) {
    Map<String, Double> byPath = new HashMap<>();
    values.forEach((key, value) -> byPath.put(SECTION + key, value));
    return ConfigFactory.parseMap(byPath, "defaults of the optimizer");
  }

  private static Optional<String> name(Config config, String path) {
    Object type = config.hasPath(path) ? config.getValue(path).unwrapped() : "";
    return type instanceof String name && Optimizers.names().contains(name)
        ? Optional.of(name)
        : Optional.empty();
  }
}
