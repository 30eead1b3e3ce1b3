package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.OptionalDouble;

/**
 * A number that optimizers take from a configuration.
 *
 * @param key in the optimizer's section
 * @param rule the range it lies in
 * @param own a default that one optimizer declares for itself; else {@code conf/train.conf} has it
 */
record OptimizerSetting(String key, NumberRule rule, OptionalDouble own) {
  static final OptimizerSetting MOMENTUM = of("momentum", NumberRule.BELOW_ONE);
  static final OptimizerSetting NESTEROV = of("nesterov", NumberRule.FLAG);
  static final OptimizerSetting WEIGHT_DECAY = of("weight-decay", NumberRule.NOT_NEGATIVE);
  static final OptimizerSetting BETA1 = of("beta1", NumberRule.BELOW_ONE);
  static final OptimizerSetting BETA2 = of("beta2", NumberRule.BELOW_ONE);
  static final OptimizerSetting EPSILON = of("epsilon", NumberRule.EPSILON);

  /** A setting whose default is the same for all optimizers. */
  static OptimizerSetting of(String key, NumberRule rule) {
    return new OptimizerSetting(key, rule, OptionalDouble.empty());
  }

  /** The same setting with a default of one optimizer's own. */
  OptimizerSetting withDefault(double other) {
    return new OptimizerSetting(key, rule, OptionalDouble.of(other));
  }

  double read(Options section) {
    return rule.equals(NumberRule.FLAG) ? section.flag(key) ? 1 : 0 : rule.read(section, key);
  }

  void check(double value) {
    rule.check(key, value);
  }
}
