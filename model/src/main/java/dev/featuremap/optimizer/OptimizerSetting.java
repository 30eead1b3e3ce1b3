package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;

/**
 * A number that optimizers take from a configuration.
 *
 * @param key in the optimizer's section
 * @param rule the range it lies in
 * @param fallback its default
 * @param own true for a default that one optimizer declares for itself
 */
record OptimizerSetting(String key, NumberRule rule, double fallback, boolean own) {
  static final OptimizerSetting MOMENTUM = of("momentum", NumberRule.BELOW_ONE, 0);
  static final OptimizerSetting NESTEROV = of("nesterov", NumberRule.FLAG, 0);
  static final OptimizerSetting WEIGHT_DECAY = of("weight-decay", NumberRule.NOT_NEGATIVE, 0);
  static final OptimizerSetting BETA1 = of("beta1", NumberRule.BELOW_ONE, 0.9);
  static final OptimizerSetting BETA2 = of("beta2", NumberRule.BELOW_ONE, 0.999);
  static final OptimizerSetting EPSILON = of("epsilon", NumberRule.EPSILON, 1e-8);

  /** A setting with a default for all optimizers, which {@code conf/train.conf} has too. */
  static OptimizerSetting of(String key, NumberRule rule, double fallback) {
    return new OptimizerSetting(key, rule, fallback, false);
  }

  /** The same setting with a default of one optimizer's own. */
  OptimizerSetting withDefault(double other) {
    return new OptimizerSetting(key, rule, other, true);
  }

  double read(Options section) {
    return rule.equals(NumberRule.FLAG)
        ? section.flag(key, fallback != 0) ? 1 : 0
        : rule.read(section, key, fallback);
  }

  void check(double value) {
    rule.check(key, value);
  }
}
