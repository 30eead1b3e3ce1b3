package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;

/** The optimizers a configuration can name. */
public final class Optimizers {
  private enum Type {
    SGD,
    ADAM,
    ADAMW,
    LARS,
    LAMB
  }

  private Optimizers() {}

  /**
   * Reads {@code type}, {@code momentum}, {@code nesterov}, {@code weight-decay}, {@code beta1},
   * {@code beta2}, {@code epsilon} and {@code trust-coefficient}. Keys that the chosen type has no
   * use for are read and checked too, because a configuration lists every key with its default.
   */
  public static Optimizer read(Options section) {
    Type type = section.choice("type", Type.class);
    double momentum = NumberRule.BELOW_ONE.read(section, "momentum");
    boolean nesterov = section.flag("nesterov");
    double weightDecay = NumberRule.NOT_NEGATIVE.read(section, "weight-decay");
    double beta1 = NumberRule.BELOW_ONE.read(section, "beta1");
    double beta2 = NumberRule.BELOW_ONE.read(section, "beta2");
    double epsilon = NumberRule.EPSILON.read(section, "epsilon");
    double trust = NumberRule.POSITIVE.read(section, "trust-coefficient");
    return switch (type) {
      case SGD -> sgd(section, momentum, nesterov, weightDecay);
      case ADAMW -> new AdamW(beta1, beta2, epsilon, weightDecay);
      case LARS -> new Lars(momentum, trust, weightDecay);
      case LAMB -> new Lamb(beta1, beta2, epsilon, weightDecay);
      case ADAM -> new Adam(beta1, beta2, epsilon, weightDecay);
    };
  }

  private static Sgd sgd(Options section, double momentum, boolean nesterov, double weightDecay) {
    if (nesterov && momentum == 0) {
      section.problem(
          "Cannot use %s: it needs a momentum, got momentum 0. Set momentum, for example to 0.9."
              .formatted(section.path("nesterov")));
    }
    return new Sgd(momentum, nesterov && momentum > 0, weightDecay);
  }
}
