package dev.featuremap.job.training.rounds;

import dev.featuremap.job.record.EpochMetrics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When workers that drift apart waste their work: with a drift of d their average goes {@code 1 /
 * √(1 + d²)} of the way that a worker goes.
 */
public final class DriftRule {
  /** The average then goes 45 % of a worker's way. Measured in spark-job/DESIGN.md. */
  private static final double LIMIT = 2;

  private DriftRule() {}

  /** What to say after the last epoch in {@code history}: something once in a run, if ever. */
  public static Optional<String> warning(List<EpochMetrics> history) {
    EpochMetrics last = history.get(history.size() - 1);
    boolean first =
        history.subList(0, history.size() - 1).stream().noneMatch(epoch -> epoch.drift() > LIMIT);
    return first && last.drift() > LIMIT
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "in epoch %d the workers' average went %.0f %% of the way that a worker went (drift %.2f); lower train.workers, or set sync.outer or a shorter sync.every",
                last.epoch(),
                100 / Math.sqrt(1 + last.drift() * last.drift()),
                last.drift()))
        : Optional.empty();
  }
}
