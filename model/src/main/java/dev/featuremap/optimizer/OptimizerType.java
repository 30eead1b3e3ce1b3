package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An optimizer that a configuration can name.
 *
 * @param settings what it reads; the others of its section have no effect
 * @param make builds it from their values
 */
record OptimizerType(
    String name, List<OptimizerSetting> settings, Function<Values, Optimizer> make) {

  /**
   * The numbers of a section, each inside its range.
   *
   * @param section takes problems that concern several of them
   */
  record Values(Options section, Map<String, Double> numbers) {
    double of(OptimizerSetting setting) {
      return numbers.get(setting.key());
    }
  }

  Optional<OptimizerSetting> setting(String key) {
    return settings.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }
}
