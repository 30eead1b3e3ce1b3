package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;

/** The optimizers a configuration can name. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Reads {@code type}, {@code momentum}, {@code nesterov}, {@code weight-decay}, {@code beta1},
   * {@code beta2}, {@code epsilon} and {@code trust-coefficient}. Keys that the chosen type has no
   * use for are read and checked too, because a configuration lists every key with its default.
   */
  public static Optimizer read(Options section) {
    String type = section.choice("type", "adam", "sgd", "adam", "adamw", "lars", "lamb");
    double momentum = NumberRule.BELOW_ONE.read(section, "momentum", 0);
    boolean nesterov = section.flag("nesterov", false);
    double weightDecay = NumberRule.NOT_NEGATIVE.read(section, "weight-decay", 0);
    double beta1 = NumberRule.BELOW_ONE.read(section, "beta1", 0.9);
    double beta2 = NumberRule.BELOW_ONE.read(section, "beta2", 0.999);
    double epsilon = NumberRule.EPSILON.read(section, "epsilon", 1e-8);
    double trust = NumberRule.POSITIVE.read(section, "trust-coefficient", 0.001);
    return switch (type) {
      case "sgd" -> sgd(section, momentum, nesterov, weightDecay);
      case "adamw" -> new AdamW(beta1, beta2, epsilon, weightDecay);
      case "lars" -> new Lars(momentum, trust, weightDecay);
      case "lamb" -> new Lamb(beta1, beta2, epsilon, weightDecay);
      default -> new Adam(beta1, beta2, epsilon, weightDecay);
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
