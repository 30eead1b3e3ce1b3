package dev.featuremap.augment;

import dev.featuremap.spec.Options;
import java.util.Optional;

/**
 * Operations of one list that are applied at random.
 *
 * @param kind how operations and their magnitudes are drawn; empty for none
 * @param operations how many an image gets
 * @param magnitude the bin of all magnitudes, 0 to 30; without effect where bins are drawn
 */
record Policy(Optional<Kind> kind, int operations, int magnitude) {
  static final Policy NONE = new Policy(Optional.empty(), 0, 0);

  /** Bins of each operation's magnitude. */
  static final int BINS = 31;

  /** How operations are drawn. */
  enum Kind {
    /** Several operations of one magnitude (Cubuk et al. 2020, "RandAugment"). */
    RAND_AUGMENT,
    /** One operation of any magnitude (Müller and Hutter 2021, "TrivialAugment", wide). */
    TRIVIAL_AUGMENT
  }

  /** Reads {@code policy}, {@code policy-operations} and {@code policy-magnitude}. */
  static Policy read(Options options) {
    Optional<Kind> kind = options.optionalChoice("policy", "none", Kind.class);
    int operations = options.integer("policy-operations", 1, 16);
    int magnitude = options.integer("policy-magnitude", 0, BINS - 1);
    if (kind.isEmpty()) {
      return NONE;
    }
    return kind.get() == Kind.RAND_AUGMENT
        ? new Policy(kind, operations, magnitude)
        : new Policy(kind, 1, 0);
  }
}
