package dev.featuremap.job.watch.console;

import dev.featuremap.job.record.EpochMetrics;
import java.util.List;
import java.util.Locale;

/**
 * The line a run prints for each epoch: the same words in the same places, for people and for grep.
 */
public final class EpochLine {
  private EpochLine() {}

  /**
   * The line of the last epoch in {@code history}.
   *
   * @param epochs epochs of the whole run
   */
  public static String of(List<EpochMetrics> history, int epochs) {
    EpochMetrics epoch = history.get(history.size() - 1);
    int width = Integer.toString(epochs).length();
    return String.format(
        Locale.ROOT,
        "epoch %"
            + width
            + "d/%d  train loss %.4f  accuracy %.2f %%  %s loss %.4f  accuracy %.2f %%"
            + "  %,.0f images/s  %.1f s  ETA %s",
        epoch.epoch(),
        epochs,
        epoch.trainLoss(),
        100 * epoch.trainAccuracy(),
        epoch.set(),
        epoch.loss(),
        100 * epoch.accuracy(),
        epoch.trainImagesPerSecond(),
        epoch.seconds(),
        clock(remainingSeconds(history, epochs)));
  }

  /** What is left at the mean pace of the last three epochs, of which the first is the slowest. */
  static double remainingSeconds(List<EpochMetrics> history, int epochs) {
    int recent = Math.min(3, history.size());
    double seconds =
        history.subList(history.size() - recent, history.size()).stream()
            .mapToDouble(EpochMetrics::seconds)
            .sum();
    return seconds / recent * (epochs - history.size());
  }

  /** {@code 0:07}, {@code 12:30} or {@code 1:02:03}. */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    long hours = whole / 3600;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
