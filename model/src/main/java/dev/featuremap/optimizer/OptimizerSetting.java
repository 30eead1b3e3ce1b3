package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.Optional;

/**
 * A number that optimizers take from a configuration.
 *
 * @param key in the optimizer's section
 * @param rule the range it lies in
 * @param preset a default that one optimizer declares for itself; others are in {@code
 *     conf/train.conf}
 */
record OptimizerSetting(String key, NumberRule rule, Optional<Double> preset) {
  static final OptimizerSetting MOMENTUM = of("momentum", NumberRule.BELOW_ONE);
  static final OptimizerSetting NESTEROV = of("nesterov", NumberRule.FLAG);
  static final OptimizerSetting WEIGHT_DECAY = of("weight-decay", NumberRule.NOT_NEGATIVE);
  static final OptimizerSetting BETA1 = of("beta1", NumberRule.BELOW_ONE);
  static final OptimizerSetting BETA2 = of("beta2", NumberRule.BELOW_ONE);
  static final OptimizerSetting EPSILON = of("epsilon", NumberRule.EPSILON);

  /** A setting that has its default in {@code conf/train.conf}. */
  static OptimizerSetting of(String key, NumberRule rule) {
    return new OptimizerSetting(key, rule, Optional.empty());
  }

  /** The same setting with a default of one optimizer's own. */
  OptimizerSetting withDefault(double other) {
    return new OptimizerSetting(key, rule, Optional.of(other));
  }

  double read(Options section) {
    if (rule.equals(NumberRule.FLAG)) {
      return section.flag(key) ? 1 : 0;
    }
    return preset
        .map(fallback -> rule.read(section, key, fallback))
        .orElseGet(() -> rule.read(section, key));
  }

  void check(double value) {
    rule.check(key, value);
  }
}
