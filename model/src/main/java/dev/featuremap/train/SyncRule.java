package dev.featuremap.train;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many steps workers take between two averages.
 *
 * @param steps steps a round, or 0 for a whole epoch
 */
public record SyncRule(int steps) {
  /** One round an epoch. */
  public static final SyncRule EPOCH = new SyncRule(0);

  /** Gradients are added up at every step. */
  public static final SyncRule EVERY_STEP = new SyncRule(1);

  private static final Pattern STEPS = Pattern.compile("([1-9][0-9]{0,8}) steps?");

  /** Parses {@code epoch}, {@code 1 step} or {@code 16 steps}; empty for anything else. */
  public static Optional<SyncRule> parse(String text) {
    if (text.equals("epoch")) {
      return Optional.of(EPOCH);
    }
    Matcher matcher = STEPS.matcher(text);
    return matcher.matches()
        ? Optional.of(new SyncRule(Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }

  /**
   * True when workers return gradient sums and the driver updates once: equal to one worker with
   * all their batches in one.
   */
  public boolean sharesGradients() {
    return steps == 1;
  }

  @Override
  public String toString() {
    return steps == 0 ? "epoch" : steps == 1 ? "1 step" : steps + " steps";
  }
}
