package dev.featuremap.job.training.rounds;

import dev.featuremap.job.config.EarlyStopping;
import dev.featuremap.job.record.EpochMetrics;
import java.util.List;

/**
 * Ends a run whose accuracy, by validation or else by test images, no longer grows (Prechelt 1998,
 * "Early stopping – but when?").
 *
 * <p>Reads the history alone, so that a resumed run decides as an undisturbed one.
 */
public record EarlyStoppingRule(EarlyStopping settings) {

  /** True when the last {@code patience} epochs brought no improvement. */
  public boolean stopsAfter(List<EpochMetrics> history) {
    return settings.isOn() && epochsWithoutImprovement(history) >= settings.patience();
  }

  private int epochsWithoutImprovement(List<EpochMetrics> history) {
    double best = Double.NEGATIVE_INFINITY;
    int waited = 0;
    for (EpochMetrics epoch : history) {
      if (epoch.accuracy() > best + settings.minDelta()) {
        best = epoch.accuracy();
        waited = 0;
      } else {
        waited++;
      }
    }
    return waited;
  }
}
