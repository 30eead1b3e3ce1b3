package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.function.DoublePredicate;

/**
 * A range that a hyper-parameter lies in, in the words that messages use for it.
 *
 * @param text follows "a number", as in {@code above 0}
 * @param holds true for the values inside
 */
record NumberRule(String text, DoublePredicate holds) {
  static final NumberRule POSITIVE = new NumberRule("above 0", v -> v > 0);
  static final NumberRule NOT_NEGATIVE = new NumberRule("of at least 0", v -> v >= 0);
  static final NumberRule BELOW_ONE = new NumberRule("from 0 to below 1", v -> v >= 0 && v < 1);
  static final NumberRule SHARE = new NumberRule("from 0 to 1", v -> v >= 0 && v <= 1);

  /** Smaller values vanish in single precision, and 0 / 0 would follow. */
  static final NumberRule EPSILON = new NumberRule("from 1e-30 to 1", v -> v >= 1e-30 && v <= 1);

  static final NumberRule FLAG = new NumberRule("true or false", v -> v == 0 || v == 1);

  double read(Options section, String key) {
    return section.number(key, text, holds::test);
  }

  double read(Options section, String key, double fallback) {
    return section.number(key, fallback, text, holds::test);
  }

  void check(String what, double value) {
    if (!Double.isFinite(value) || !holds.test(value)) {
      throw new IllegalArgumentException(
          "Cannot use %s: expected a number %s, got %s.".formatted(what, text, value));
    }
  }
}
